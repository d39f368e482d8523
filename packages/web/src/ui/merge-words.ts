import type { PersonMergeBody } from '@hedgerow/protocol'
import { eventLabel } from './event-name.ts'

/** What happened to an id, as the end of a sentence that begins with it. */
export function mergeWords({ kind, event, other_person_id: otherPersonId }: PersonMergeBody): string {
  const by = event ? ` by ${eventLabel(event)}` : ''
  switch (kind) {
    case 'merged':
      return otherPersonId ? `came over from another person${by}` : `was merged in${by}`
    case 'attached':
      return `was added${by}`
    case 'split':
      return 'was split off'
  }
}

/** Which property of which event names the other id. */
const namesOther: Readonly<Record<string, string>> = {
  $identify: '$anon_distinct_id',
  $create_alias: 'alias',
  $merge_dangerously: 'alias',
}

/** The property by which an event says that two ids are one person, and the other id; undefined for an event that says no such thing. */
export function joining(event: string, distinctId: string, properties: Readonly<Record<string, unknown>>) {
  const property = Object.hasOwn(namesOther, event) ? namesOther[event] : undefined
  const other = property === undefined ? undefined : properties[property]
  return property === undefined || typeof other !== 'string' || other === '' || other === distinctId ? undefined : { property, other }
}
