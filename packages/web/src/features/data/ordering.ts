import type { EventOrdering } from '../../api-client/definitions.ts'

export const eventOrders = ['name', 'volume', 'seen', 'new'] as const
export type EventOrder = (typeof eventOrders)[number]

/** What the address says, as the API wants it: names from A, everything else from the most. */
export const orderings: Record<EventOrder, EventOrdering> = { name: 'name', volume: '-volume', seen: '-last_seen_at', new: '-created_at' }

export const owners = ['event', 'person', 'group', 'session'] as const

/** A property type in a word. */
export function typeLabel(type: string | null): string {
  switch (type) {
    case 'String':
      return 'text'
    case 'Numeric':
      return 'number'
    case 'Boolean':
      return 'yes or no'
    case 'DateTime':
      return 'time'
    case 'Duration':
      return 'duration'
    case null:
      return 'not known yet'
    // why: a newer server may know more types; their own names say enough.
    default:
      return type.toLowerCase()
  }
}
