import { eventLabel } from '../ui/event-name.ts'
import { filtersIn } from './filters.ts'
import type { SeriesNode } from './nodes.ts'
import { listOf, numberOf, type Raw, textOf } from './reading.ts'

// limit: as many letters as formulas have.
export const mostSeries = 26

/** `A`, `B` … as formulas name the series. */
export const letterOf = (index: number): string => String.fromCharCode(65 + (index % 26))

export const pageviews: SeriesNode = { kind: 'EventsNode', event: '$pageview', name: '$pageview' }

/** What a series is called: its own name, else the event's words. */
export function seriesName({ kind, event, id, name, custom_name: customName }: SeriesNode): string {
  if (customName) return customName
  if (kind === 'ActionsNode') return name ?? `Action ${id ?? '?'}`
  return event === null || event === undefined || event === '' ? 'All events' : eventLabel(event)
}

/** Another event under the same math and name; filters stay, since they were chosen for the question. */
export function withEvent(series: SeriesNode, chosen: Pick<SeriesNode, 'kind' | 'event' | 'id' | 'name'>): SeriesNode {
  const { event: _event, id: _id, name: _name, ...rest } = series
  return { ...rest, ...chosen }
}

export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const next = [...items]
  const [item] = next.splice(from, 1)
  if (item !== undefined) next.splice(to, 0, item)
  return next
}

export function readSeries(value: unknown): SeriesNode[] {
  return listOf(value)
    .filter(({ kind }) => kind === 'EventsNode' || kind === 'ActionsNode')
    .slice(0, mostSeries)
    .map(readOne)
}

function readOne(raw: Raw): SeriesNode {
  const isAction = raw.kind === 'ActionsNode'
  return {
    ...raw,
    kind: isAction ? 'ActionsNode' : 'EventsNode',
    event: isAction ? undefined : (textOf(raw.event) ?? null),
    id: isAction ? numberOf(raw.id) : undefined,
    name: textOf(raw.name),
    custom_name: textOf(raw.custom_name),
    math: textOf(raw.math),
    math_property: textOf(raw.math_property),
    math_property_type: textOf(raw.math_property_type),
    math_hogql: textOf(raw.math_hogql),
    math_group_type_index: numberOf(raw.math_group_type_index),
    properties: filtersIn(raw.properties),
  }
}
