import type { PropertyFilter } from '@hedgerow/protocol'
import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useProject } from '../api-client/current-project.tsx'
import { propertyChoicesQuery } from '../api-client/definitions.ts'
import { groupTypesQuery } from '../api-client/groups.ts'
import { type PropertyKind, propertyLabel } from '../query-model/operators.ts'
import { type PickGroup, PickList } from '../ui/pick-list.tsx'
import classes from './pickers.module.css'

export interface ChosenProperty {
  type: PropertyFilter['type']
  key: string
  kind: PropertyKind
  group_type_index?: number | undefined
}

type Owner = 'event' | 'person' | 'session' | 'cohort' | `group ${number}` | 'hogql'

interface PropertyPickerProps {
  label: string
  children: ReactNode
  onPick: (chosen: ChosenProperty) => void
  /** Properties seen with these events come first. */
  events?: readonly string[] | undefined
  /** Which owners are offered, besides groups. */
  owners?: readonly ('event' | 'person' | 'session' | 'cohort' | 'hogql')[]
  hasGroups?: boolean
  isNumerical?: boolean
  className?: string
  isOpenInitially?: boolean
}

const ownerWords: Record<string, string> = { event: 'Event', person: 'Person', session: 'Session', cohort: 'Cohort', hogql: 'SQL' }

/** Chooses a property by its name: whose it is first, then from those that were seen. */
export function PropertyPicker(props: PropertyPickerProps) {
  const { label, children, onPick, events, owners = ['event', 'person', 'session'], hasGroups = true, isNumerical, className } = props
  const project = useProject()
  const [owner, setOwner] = useState<Owner>(owners[0] ?? 'event')
  const groupTypes = useQuery({ ...groupTypesQuery(project.id), enabled: hasGroups })
  const choices = [
    ...owners.map((value) => ({ value, label: ownerWords[value] ?? value })),
    ...(hasGroups ? (groupTypes.data ?? []) : []).map(({ group_type: type, group_type_index: index, name_singular: name }) => ({
      value: `group ${index}`,
      label: name ?? capital(type),
    })),
  ]
  const [search, setSearch] = useState<string>()
  const found = usePropertyChoices(search, owner, events, isNumerical)
  return (
    <PickList
      label={label}
      placeholder={owner === 'hogql' ? 'A condition in SQL' : 'Search properties'}
      {...found}
      onSearch={setSearch}
      width={400}
      {...(className === undefined ? {} : { className })}
      {...(props.isOpenInitially ? { isOpenInitially: true } : {})}
      onPick={(picked) => onPick(JSON.parse(picked) as ChosenProperty)}
      {...(owner === 'hogql'
        ? {
            offersTyped: (typed: string) => ({
              value: JSON.stringify({ type: 'hogql', key: typed, kind: null }),
              label: typed,
              about: 'Use this expression',
            }),
          }
        : {})}
      head={
        choices.length > 1 && (
          <div className={classes.owners}>
            <SegmentedControl
              size="xs"
              fullWidth
              aria-label="Whose property"
              value={owner}
              onChange={(value) => setOwner(value as Owner)}
              data={choices}
            />
          </div>
        )
      }
    >
      {children}
    </PickList>
  )
}

function usePropertyChoices(
  search: string | undefined,
  owner: Owner,
  events: readonly string[] | undefined,
  isNumerical: boolean | undefined,
) {
  const project = useProject()
  const group = /^group (\d)$/.exec(owner)
  const type = group ? 'group' : owner === 'person' || owner === 'session' ? owner : 'event'
  const query = useQuery({
    ...propertyChoicesQuery(project.id, {
      type,
      search: search ?? '',
      events: type === 'event' ? events : undefined,
      groupTypeIndex: group ? Number(group[1]) : undefined,
      isNumerical,
    }),
    enabled: search !== undefined && owner !== 'hogql' && owner !== 'cohort',
    placeholderData: (before) => before,
  })
  const rows = owner === 'hogql' ? [] : (query.data ?? [])
  const options = rows.map((row) => ({
    value: JSON.stringify({
      type,
      key: row.name,
      kind: row.property_type,
      ...(group ? { group_type_index: Number(group[1]) } : {}),
    } satisfies ChosenProperty),
    label: propertyLabel(row.name),
    detail: kindWords(row.property_type),
    ...(row.description ? { about: row.description } : propertyLabel(row.name) === row.name ? {} : { about: row.name }),
    isSeen: row.is_seen_on_filtered_events === true,
  }))
  const seen = options.filter(({ isSeen }) => isSeen)
  const groups: PickGroup[] =
    seen.length > 0
      ? [
          { label: 'Seen with the event', options: seen },
          { label: 'Others', options: options.filter(({ isSeen }) => !isSeen) },
        ]
      : [{ label: '', options }]
  return { groups, isLoading: query.isFetching }
}

function kindWords(kind: PropertyKind): string {
  switch (kind) {
    case 'Numeric':
      return 'number'
    case 'DateTime':
      return 'date'
    case 'Boolean':
      return 'yes or no'
    case 'Duration':
      return 'duration'
    case 'String':
      return 'text'
    case null:
      return ''
  }
}

const capital = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
