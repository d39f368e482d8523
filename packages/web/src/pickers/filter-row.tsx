import type { PropertyFilter } from '@hedgerow/protocol'
import { ActionIcon, TextInput, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../api-client/current-project.tsx'
import { propertyDefinitionQuery, propertyValuesQuery } from '../api-client/definitions.ts'
import {
  filterWords,
  isBetween,
  isDate,
  needsValue,
  type Operator,
  operatorsFor,
  operatorWords,
  propertyLabel,
  takesMany,
} from '../query-model/operators.ts'
import { CrossIcon, PersonsIcon } from '../ui/icons.tsx'
import { PickList } from '../ui/pick-list.tsx'
import { Untrusted } from '../ui/untrusted.tsx'
import { CohortPicker } from './cohort-picker.tsx'
import classes from './pickers.module.css'
import { type ChosenProperty, PropertyPicker } from './property-picker.tsx'

interface FilterRowProps {
  filter: PropertyFilter
  onChange: (filter: PropertyFilter) => void
  onRemove: () => void
  events?: readonly string[] | undefined
  /** Whose properties are offered, where not all are. */
  owners?: readonly ('event' | 'person' | 'session')[] | undefined
}

/** One condition: a property, how it compares, and to what. */
export function FilterRow({ filter, onChange, onRemove, events, owners }: FilterRowProps) {
  return (
    <fieldset className={classes.row} aria-label={`Filter: ${filterWords(filter)}`}>
      {filter.type === 'cohort' ? (
        <CohortFilter filter={filter} onChange={onChange} />
      ) : filter.type === 'hogql' ? (
        <ExpressionFilter filter={filter} onChange={onChange} />
      ) : (
        <ComparedFilter filter={filter} onChange={onChange} events={events} owners={owners} />
      )}
      <Tooltip label="Remove this filter">
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={`Remove the filter ${filterWords(filter)}`} onClick={onRemove}>
          <CrossIcon size={14} />
        </ActionIcon>
      </Tooltip>
    </fieldset>
  )
}

type PartProps = Omit<FilterRowProps, 'onRemove'>

function CohortFilter({ filter, onChange }: PartProps) {
  const isOut = filter.operator === 'not_in' || filter.negation === true
  const shown = filter.cohort_name ?? (filter.value === undefined ? 'Choose' : `Cohort ${String(filter.value)}`)
  return (
    <div className={classes.parts}>
      <PickList
        label="Comparison"
        hasSearch={false}
        width={170}
        className={classes.operator}
        value={isOut ? 'not_in' : 'in'}
        groups={[
          {
            label: '',
            options: [
              { value: 'in', label: 'in cohort' },
              { value: 'not_in', label: 'not in cohort' },
            ],
          },
        ]}
        onPick={(operator) => onChange({ ...filter, operator: operator as Operator, negation: undefined })}
      >
        {isOut ? 'not in cohort' : 'in cohort'}
      </PickList>
      <CohortPicker
        label={`Cohort: ${shown}`}
        value={typeof filter.value === 'number' ? filter.value : undefined}
        className={classes.value ?? ''}
        isOpenInitially={filter.value === undefined}
        onPick={({ id, name }) => onChange({ ...filter, value: id, cohort_name: name })}
      >
        <PersonsIcon size={14} />
        <Untrusted>{shown}</Untrusted>
      </CohortPicker>
    </div>
  )
}

function ExpressionFilter({ filter, onChange }: PartProps) {
  const [text, setText] = useState(String(filter.key))
  return (
    <TextInput
      className={classes.expression}
      aria-label="Condition in SQL"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => text.trim() !== '' && onChange({ ...filter, key: text.trim() })}
      spellCheck={false}
    />
  )
}

function ComparedFilter({ filter, onChange, events, owners }: PartProps) {
  const project = useProject()
  const owner = filter.type === 'person' || filter.type === 'session' || filter.type === 'group' ? filter.type : 'event'
  const definition = useQuery(propertyDefinitionQuery(project.id, owner, String(filter.key)))
  const kind = definition.data?.property_type ?? null
  const operator = filter.operator ?? 'exact'
  const offered = operatorsFor(filter.type, kind)
  const choices = offered.includes(operator) ? offered : [operator, ...offered]
  return (
    <div className={classes.parts}>
      <PropertyPicker
        label={`Property: ${propertyLabel(String(filter.key))}`}
        events={events}
        {...(owners ? { owners, hasGroups: false } : {})}
        onPick={(chosen) => onChange(filterOf(chosen))}
        className={classes.property ?? ''}
      >
        <Untrusted>{propertyLabel(String(filter.key))}</Untrusted>
      </PropertyPicker>
      <PickList
        label="Comparison"
        hasSearch={false}
        width={200}
        className={classes.operator}
        value={operator}
        groups={[{ label: '', options: choices.map((value) => ({ value, label: operatorWords(value) })) }]}
        onPick={(picked) => onChange(withOperator(filter, picked as Operator))}
      >
        {operatorWords(operator)}
      </PickList>
      {needsValue(operator) && <FilterValue filter={filter} onChange={onChange} isNumeric={kind === 'Numeric' || kind === 'Duration'} />}
    </div>
  )
}

/** The value stays where it still fits. */
function withOperator(filter: PropertyFilter, operator: Operator): PropertyFilter {
  const { value, ...rest } = filter
  if (!needsValue(operator)) return { ...rest, operator }
  const first = Array.isArray(value) ? value[0] : value
  if (isBetween(operator)) return { ...rest, operator, value: isBetween(filter.operator ?? 'exact') ? value : undefined }
  return { ...rest, operator, value: takesMany(operator) ? value : first }
}

/** A new condition on a property: the commonest comparison, its value still to come. */
export function filterOf({ type, key, kind, group_type_index: index }: ChosenProperty): PropertyFilter {
  if (type === 'hogql') return { type, key, value: null }
  return { type, key, operator: operatorsFor(type, kind)[0] ?? 'exact', ...(index === undefined ? {} : { group_type_index: index }) }
}

function FilterValue({
  filter,
  onChange,
  isNumeric,
}: {
  filter: PropertyFilter
  onChange: (filter: PropertyFilter) => void
  isNumeric: boolean
}) {
  const operator = filter.operator ?? 'exact'
  if (isBetween(operator)) return <BetweenValue filter={filter} onChange={onChange} />
  if (isDate(operator)) return <TypedValue filter={filter} onChange={onChange} type="date" />
  if (!takesMany(operator)) return <TypedValue filter={filter} onChange={onChange} type={isNumeric ? 'number' : 'text'} />
  return <SeveralValues filter={filter} onChange={onChange} />
}

function TypedValue({
  filter,
  onChange,
  type,
}: {
  filter: PropertyFilter
  onChange: (filter: PropertyFilter) => void
  type: 'text' | 'number' | 'date'
}) {
  const given = filter.value === undefined || filter.value === null ? '' : String(filter.value)
  const [text, setText] = useState(given)
  const settle = () => {
    if (text !== given) onChange({ ...filter, value: type === 'number' && text !== '' ? Number(text) : text })
  }
  return (
    <TextInput
      className={classes.typed}
      size="xs"
      type={type}
      {...(type === 'text' ? { w: `${Math.min(36, Math.max(14, text.length + 4))}ch` } : {})}
      aria-label="Value"
      placeholder="Value"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={settle}
      onKeyDown={(event) => event.key === 'Enter' && settle()}
    />
  )
}

function BetweenValue({ filter, onChange }: { filter: PropertyFilter; onChange: (filter: PropertyFilter) => void }) {
  const [least, most] = Array.isArray(filter.value) ? filter.value : []
  const [texts, setTexts] = useState([least === undefined ? '' : String(least), most === undefined ? '' : String(most)])
  const settle = () => {
    if (texts.every((text) => text !== '' && Number.isFinite(Number(text)))) onChange({ ...filter, value: texts.map(Number) })
  }
  return (
    <span className={classes.between}>
      {(['At least', 'At most'] as const).map((name, index) => (
        <TextInput
          key={name}
          size="xs"
          type="number"
          className={classes.typed}
          aria-label={name}
          placeholder={name}
          value={texts[index] ?? ''}
          onChange={(event) => setTexts(texts.map((text, each) => (each === index ? event.currentTarget.value : text)))}
          onBlur={settle}
          onKeyDown={(event) => event.key === 'Enter' && settle()}
        />
      ))}
    </span>
  )
}

/** Any of several values, out of those that were seen lately or typed. */
function SeveralValues({ filter, onChange }: { filter: PropertyFilter; onChange: (filter: PropertyFilter) => void }) {
  const values = (
    Array.isArray(filter.value) ? filter.value : filter.value === undefined || filter.value === null ? [] : [filter.value]
  ).map(String)
  const [search, setSearch] = useState<string>()
  const choices = useValueChoices(search, filter)
  return (
    <span className={classes.values}>
      {values.map((value) => (
        <span key={value} className={classes.chip}>
          <Untrusted>{value}</Untrusted>
          <button
            type="button"
            aria-label={`Remove the value ${value.slice(0, 60)}`}
            onClick={() => onChange({ ...filter, value: values.filter((each) => each !== value) })}
          >
            <CrossIcon size={11} />
          </button>
        </span>
      ))}
      <PickList
        label={values.length === 0 ? 'Value' : 'Another value'}
        placeholder="Search values, or type one"
        {...choices}
        onSearch={setSearch}
        className={values.length === 0 ? classes.value : classes.another}
        isOpenInitially={values.length === 0 && filter.value === undefined}
        offersTyped={(typed) => ({ value: typed, label: typed, about: 'Use what is typed' })}
        onPick={(picked) => !values.includes(picked) && onChange({ ...filter, value: [...values, picked] })}
      >
        {values.length === 0 ? 'Choose a value' : 'or …'}
      </PickList>
    </span>
  )
}

function useValueChoices(search: string | undefined, filter: PropertyFilter) {
  const project = useProject()
  const query = useQuery({
    ...propertyValuesQuery(project.id, {
      type: filter.type === 'person' ? 'person' : 'event',
      key: String(filter.key),
      search: search ?? '',
    }),
    enabled: search !== undefined,
    placeholderData: (before) => before,
  })
  return {
    isLoading: query.isFetching,
    groups: [{ label: '', options: [...new Set(query.data ?? [])].map((value) => ({ value, label: value })) }],
  }
}
