import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { actionChoicesQuery } from '../api-client/actions.ts'
import { useProject } from '../api-client/current-project.tsx'
import { eventChoicesQuery } from '../api-client/definitions.ts'
import type { SeriesNode } from '../query-model/nodes.ts'
import { seriesName } from '../query-model/series.ts'
import { eventLabel } from '../ui/event-name.ts'
import { ChevronDownIcon, CursorIcon } from '../ui/icons.tsx'
import { EventMark } from '../ui/mark.tsx'
import { formatCompact } from '../ui/numbers.ts'
import { type PickGroup, PickList } from '../ui/pick-list.tsx'
import { Untrusted } from '../ui/untrusted.tsx'
import classes from './pickers.module.css'

export type ChosenEvent = Pick<SeriesNode, 'kind' | 'event' | 'id' | 'name'>

interface EventPickerProps {
  value: SeriesNode | undefined
  onPick: (chosen: ChosenEvent) => void
  /** For assistive technology, e.g. `Event of series A`. */
  label: string
  /** Whether “All events” is a choice. */
  hasAll?: boolean
  hasActions?: boolean
  placeholder?: string
  className?: string
}

/** Chooses an event, or an action, by its name; the commonest come first. */
export function EventPicker({
  value,
  onPick,
  label,
  hasAll = true,
  hasActions = true,
  placeholder = 'Choose an event',
  className,
}: EventPickerProps) {
  const [search, setSearch] = useState<string>()
  const choices = useEventChoices(search, hasAll, hasActions)
  return (
    <PickList
      label={`${label}: ${value ? seriesName(value) : placeholder}`}
      placeholder="Search events and actions"
      {...choices}
      onSearch={setSearch}
      value={value && optionOf(value)}
      onPick={(picked) => onPick(chosenOf(picked))}
      width={380}
      className={className ?? classes.picker}
    >
      {value ? <EventWords series={value} /> : <span className={classes.placeholder}>{placeholder}</span>}
      <ChevronDownIcon size={14} />
    </PickList>
  )
}

function EventWords({ series }: { series: SeriesNode }) {
  return (
    <span className={classes.event}>
      {series.kind === 'ActionsNode' ? <CursorIcon size={14} /> : <EventMark name={series.event ?? ''} />}
      <Untrusted>{seriesName({ ...series, custom_name: undefined })}</Untrusted>
    </span>
  )
}

/** A search over events and actions, for a list; asked only while the list is open. */
export function useEventChoices(
  search: string | undefined,
  hasAll: boolean,
  hasActions: boolean,
): { groups: PickGroup[]; isLoading: boolean } {
  const project = useProject()
  const isOpen = search !== undefined
  const events = useQuery({ ...eventChoicesQuery(project.id, search ?? ''), enabled: isOpen, placeholderData: (before) => before })
  const actions = useQuery({ ...actionChoicesQuery(project.id, search ?? ''), enabled: isOpen && hasActions, retry: false })
  const all = hasAll && 'all events'.includes((search ?? '').toLowerCase())
  return {
    isLoading: events.isFetching,
    groups: [
      { label: '', options: all ? [{ value: 'event', label: 'All events', mark: <EventMark name="" /> }] : [] },
      {
        label: 'Actions',
        options: (actions.data ?? []).map(({ id, name }) => ({
          value: `action:${id}:${name}`,
          label: name,
          mark: <CursorIcon size={14} />,
        })),
      },
      {
        label: 'Events',
        options: (events.data ?? []).map(({ name, volume, description }) => ({
          value: `event:${name}`,
          label: eventLabel(name),
          mark: <EventMark name={name} />,
          detail: formatCompact(volume),
          ...(description ? { about: description } : eventLabel(name) === name ? {} : { about: name }),
        })),
      },
    ],
  }
}

const optionOf = ({ kind, event, id, name }: SeriesNode) =>
  kind === 'ActionsNode' ? `action:${id}:${name ?? ''}` : event ? `event:${event}` : 'event'

/** What an option of the list stands for. */
export function chosenOf(option: string): ChosenEvent {
  const action = /^action:(\d+):(.*)$/s.exec(option)
  if (action) return { kind: 'ActionsNode', id: Number(action[1]), name: action[2] }
  if (option === 'event') return { kind: 'EventsNode', event: null, name: undefined }
  const name = option.slice('event:'.length)
  return { kind: 'EventsNode', event: name, name }
}
