import type { PropertyFilter } from '@hedgerow/protocol'
import { SegmentedControl } from '@mantine/core'
import { asGroups, fromGroups, isGroup } from '../query-model/filters.ts'
import type { FilterGroup } from '../query-model/nodes.ts'
import { PersonsIcon, PlusIcon } from '../ui/icons.tsx'
import { placed } from '../ui/placed.ts'
import { FilterRow, filterOf } from './filter-row.tsx'
import classes from './pickers.module.css'
import { PropertyPicker } from './property-picker.tsx'

interface FilterListProps {
  filters: readonly PropertyFilter[]
  onChange: (filters: PropertyFilter[]) => void
  events?: readonly string[] | undefined
  /** For assistive technology: what the filters are of. */
  of: string
  /** Whose properties are offered, where not all are. */
  owners?: readonly ('event' | 'person' | 'session')[] | undefined
}

/** Conditions that all have to hold, with a way to add one. */
export function FilterList({ filters, onChange, events, of, owners }: FilterListProps) {
  return (
    <div className={classes.list}>
      {placed(filters).map(({ key, place: index, item: filter }) => (
        <FilterRow
          key={`${key} ${filter.type} ${String(filter.key)}`}
          filter={filter}
          events={events}
          owners={owners}
          onChange={(changed) => onChange(filters.map((each, place) => (place === index ? changed : each)))}
          onRemove={() => onChange(filters.filter((_, place) => place !== index))}
        />
      ))}
      <AddFilter events={events} of={of} owners={owners} onAdd={(filter) => onChange([...filters, filter])} />
    </div>
  )
}

function AddFilter({
  events,
  of,
  owners,
  onAdd,
}: Pick<FilterListProps, 'events' | 'of' | 'owners'> & { onAdd: (filter: PropertyFilter) => void }) {
  return (
    <div className={classes.adds}>
      <PropertyPicker
        label={`Add a filter to ${of}`}
        events={events}
        owners={owners ?? ['event', 'person', 'session', 'hogql']}
        hasGroups={owners === undefined}
        onPick={(chosen) => onAdd(filterOf(chosen))}
        className={classes.add ?? ''}
      >
        <PlusIcon size={14} />
        Filter
      </PropertyPicker>
      <button type="button" className={classes.add} onClick={() => onAdd({ type: 'cohort', key: 'id', operator: 'in' })}>
        <PersonsIcon size={14} />
        Cohort
      </button>
    </div>
  )
}

interface FilterGroupsProps {
  value: PropertyFilter[] | FilterGroup | undefined
  onChange: (value: PropertyFilter[] | FilterGroup | undefined) => void
  events?: readonly string[] | undefined
}

/** Conditions in groups: inside a group joined by one word, the groups by another. */
export function FilterGroups({ value, onChange, events }: FilterGroupsProps) {
  const outer = asGroups(value)
  const groups = outer.values.filter(isGroup)
  const change = (next: FilterGroup[], type = outer.type) => onChange(fromGroups({ type, values: next }))
  if (groups.length === 0)
    return <FilterList filters={[]} of="the insight" events={events} onChange={(filters) => change([{ type: 'AND', values: filters }])} />
  return (
    <div className={classes.groups}>
      {placed(groups).map(({ key, place: index, item: group }) => (
        <div key={key} className={classes.groupWhole}>
          {index > 0 && <JoinChoice label="How the groups are joined" value={outer.type} onChange={(type) => change(groups, type)} />}
          <div className={classes.group} data-framed={groups.length > 1}>
            {group.values.length > 1 && (
              <JoinChoice
                label={`How the filters of group ${index + 1} are joined`}
                value={group.type}
                onChange={(type) => change(groups.map((each, place) => (place === index ? { ...each, type } : each)))}
              />
            )}
            <FilterList
              filters={group.values.filter((each): each is PropertyFilter => !isGroup(each))}
              of={`group ${index + 1}`}
              events={events}
              onChange={(filters) =>
                change(
                  groups.map((each, place) => (place === index ? { ...each, values: [...filters, ...each.values.filter(isGroup)] } : each)),
                )
              }
            />
          </div>
        </div>
      ))}
      <PropertyPicker
        label="Or another group of filters"
        events={events}
        owners={['event', 'person', 'session', 'hogql']}
        className={classes.add ?? ''}
        onPick={(chosen) => change([...groups, { type: 'AND', values: [filterOf(chosen)] }], groups.length === 1 ? 'OR' : outer.type)}
      >
        <PlusIcon size={14} />
        Or another group
      </PropertyPicker>
    </div>
  )
}

function JoinChoice({ label, value, onChange }: { label: string; value: 'AND' | 'OR'; onChange: (value: 'AND' | 'OR') => void }) {
  return (
    <SegmentedControl
      size="xs"
      className={classes.join}
      aria-label={label}
      value={value}
      onChange={(next) => onChange(next === 'OR' ? 'OR' : 'AND')}
      data={[
        { value: 'AND', label: 'and' },
        { value: 'OR', label: 'or' },
      ]}
    />
  )
}
