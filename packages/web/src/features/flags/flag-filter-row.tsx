import { type FlagFilter, type FlagOperator, flagOperators } from '@hedgerow/protocol'
import { ActionIcon, Autocomplete, Select, TagsInput, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { propertyValuesQuery } from '../../api-client/definitions.ts'
import { flagChoicesQuery } from '../../api-client/flags.ts'
import { CohortPicker } from '../../pickers/cohort-picker.tsx'
import { propertyLabel } from '../../query-model/operators.ts'
import { CrossIcon, FlagIcon, PersonsIcon } from '../../ui/icons.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { FlagPicker, OwnPropertyPicker } from './flag-pickers.tsx'
import { cohortName, comparisonWords, type FlagNames, flagFilterWords, flagName, takesNothing } from './flag-words.ts'
import classes from './flags.module.css'

interface FlagFilterRowProps {
  filter: FlagFilter
  /** A condition of groups reads their properties; one of people reads theirs. */
  groupTypeIndex: number | null
  /** The flag that is edited cannot depend on itself. */
  flagId: number | undefined
  names: FlagNames
  onChange: (filter: FlagFilter) => void
  onRemove: () => void
}

type PartProps = Omit<FlagFilterRowProps, 'onRemove'>

/** One condition of a set: on a property, a cohort, or what another flag answers. */
export function FlagFilterRow({ onRemove, ...part }: FlagFilterRowProps) {
  const words = flagFilterWords(part.filter, part.names)
  return (
    <fieldset className={classes.filter} aria-label={`Condition: ${words}`}>
      <div className={classes.parts}>
        {part.filter.type === 'cohort' ? (
          <CohortParts {...part} />
        ) : part.filter.type === 'flag' ? (
          <FlagParts {...part} />
        ) : (
          <PropertyParts {...part} />
        )}
      </div>
      <ActionIcon variant="subtle" color="gray" size={30} aria-label={`Remove the condition ${words}`} onClick={onRemove}>
        <CrossIcon size={14} />
      </ActionIcon>
    </fieldset>
  )
}

function CohortParts({ filter, names, onChange }: PartProps) {
  const { negation, ...rest } = filter
  const name = cohortName(filter, names) ?? `Cohort ${String(filter.value)}`
  return (
    <>
      <Select
        size="xs"
        w={130}
        aria-label="Comparison"
        allowDeselect={false}
        value={filter.operator === 'not_in' || negation ? 'not_in' : 'in'}
        data={[
          { value: 'in', label: 'in cohort' },
          { value: 'not_in', label: 'not in cohort' },
        ]}
        onChange={(operator) => onChange({ ...rest, operator: operator === 'not_in' ? 'not_in' : 'in' })}
      />
      <CohortPicker
        label={`Cohort: ${name}`}
        className={classes.part ?? ''}
        value={typeof filter.value === 'number' ? filter.value : undefined}
        onPick={({ id, name: picked }) => onChange({ ...filter, value: id, cohort_name: picked })}
      >
        <PersonsIcon size={14} />
        <Untrusted>{name}</Untrusted>
      </CohortPicker>
    </>
  )
}

function FlagParts({ filter, flagId, names, onChange }: PartProps) {
  const project = useProject()
  const { data: flags } = useQuery(flagChoicesQuery(project.id, ''))
  const target = flags?.find(({ id }) => String(id) === String(filter.key))
  const values = ['true', 'false', ...(target?.filters.multivariate?.variants ?? []).map(({ key }) => key)]
  const current = String(filter.value ?? 'true')
  return (
    <>
      <FlagPicker
        label={`Flag: ${flagName(filter, names)}`}
        className={classes.part}
        exceptId={flagId}
        onPick={({ id, key }) => onChange({ ...filter, key: id, label: key, value: true })}
      >
        <FlagIcon size={14} />
        <Untrusted>{flagName(filter, names)}</Untrusted>
      </FlagPicker>
      <Select
        size="xs"
        w={150}
        aria-label="What the flag answers"
        allowDeselect={false}
        value={current}
        data={(values.includes(current) ? values : [...values, current]).map((value) => ({ value, label: `answers ${value}` }))}
        onChange={(value) => value && onChange({ ...filter, value: value === 'true' || value === 'false' ? value === 'true' : value })}
      />
    </>
  )
}

const compared: FlagOperator[] = flagOperators.filter((operator) => !['in', 'not_in', 'flag_evaluates_to', 'min', 'max'].includes(operator))

function PropertyParts({ filter, groupTypeIndex, onChange }: PartProps) {
  const operator = filter.operator ?? 'exact'
  const choices = compared.includes(operator) ? compared : [operator, ...compared]
  return (
    <>
      <OwnPropertyPicker
        label={`Property: ${propertyLabel(String(filter.key))}`}
        className={classes.part}
        groupTypeIndex={groupTypeIndex}
        onPick={(chosen) => onChange({ ...chosen, operator })}
      >
        <Untrusted>{propertyLabel(String(filter.key))}</Untrusted>
      </OwnPropertyPicker>
      <Select
        size="xs"
        w={175}
        searchable
        aria-label="Comparison"
        allowDeselect={false}
        value={operator}
        data={choices.map((value) => ({ value, label: comparisonWords(value) }))}
        onChange={(picked) => onChange(withOperator(filter, choices.find((each) => each === picked) ?? 'exact'))}
      />
      {!takesNothing(operator) && <ValueOf filter={filter} operator={operator} onChange={onChange} />}
    </>
  )
}

/** The value stays where it still fits. */
function withOperator(filter: FlagFilter, operator: FlagOperator): FlagFilter {
  const { value, ...rest } = filter
  if (takesNothing(operator)) return { ...rest, operator }
  const first = Array.isArray(value) ? value[0] : value
  if (isBetween(operator)) return { ...rest, operator, value: [first ?? '', ''] }
  return { ...rest, operator, value: isSeveral(operator) ? (Array.isArray(value) ? value : first === undefined ? [] : [first]) : first }
}

const isBetween = (operator: FlagOperator) => operator === 'between' || operator === 'not_between'
const isSeveral = (operator: FlagOperator) =>
  operator === 'exact' || operator === 'is_not' || operator === 'icontains_multi' || operator === 'not_icontains_multi'

interface ValueProps {
  filter: FlagFilter
  operator: FlagOperator
  onChange: (filter: FlagFilter) => void
}

function ValueOf({ filter, operator, onChange }: ValueProps) {
  const { value } = filter
  const set = (next: unknown) => onChange({ ...filter, value: next })
  if (isBetween(operator)) {
    const ends = Array.isArray(value) ? value.map(String) : ['', '']
    return (['At least', 'At most'] as const).map((label, end) => (
      <TextInput
        key={label}
        size="xs"
        w={90}
        aria-label={label}
        placeholder={label}
        inputMode="decimal"
        value={ends[end] ?? ''}
        onChange={(event) => set([0, 1].map((each) => (each === end ? event.currentTarget.value : (ends[each] ?? ''))))}
      />
    ))
  }
  if (isSeveral(operator)) return <SeveralValues filter={filter} onChange={set} />
  return <OneValue filter={filter} operator={operator} onChange={set} />
}

function useSeenValues(filter: FlagFilter, search: string): string[] {
  const project = useProject()
  const [settled] = useDebouncedValue(search, 200)
  const { data } = useQuery({
    ...propertyValuesQuery(project.id, { type: 'person', key: String(filter.key), search: settled }),
    enabled: filter.type === 'person' && filter.key !== '',
    placeholderData: (before) => before,
  })
  return [...new Set(data ?? [])]
}

function SeveralValues({ filter, onChange }: { filter: FlagFilter; onChange: (value: string[]) => void }) {
  const [search, setSearch] = useState('')
  const seen = useSeenValues(filter, search)
  const values = [filter.value].flat().filter((each) => each !== undefined && each !== null)
  return (
    <TagsInput
      className={classes.value ?? ''}
      size="xs"
      aria-label="Values"
      placeholder={values.length === 0 ? 'Any of these values' : ''}
      data={seen}
      value={values.map(String)}
      onChange={onChange}
      searchValue={search}
      onSearchChange={setSearch}
      acceptValueOnBlur
      limit={30}
    />
  )
}

function OneValue({ filter, operator, onChange }: { filter: FlagFilter; operator: FlagOperator; onChange: (value: string) => void }) {
  const text = filter.value === undefined || filter.value === null ? '' : String(filter.value)
  const seen = useSeenValues(filter, text)
  const isDate = operator.startsWith('is_date')
  return (
    <Autocomplete
      className={classes.value ?? ''}
      size="xs"
      aria-label="Value"
      placeholder={isDate ? '2026-03-01, or -30d' : operator.startsWith('semver') ? '1.2.3' : 'Value'}
      data={isDate ? [] : seen}
      value={text}
      onChange={onChange}
      limit={30}
    />
  )
}
