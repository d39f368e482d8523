import type { PropertyChangeBody } from '@hedgerow/protocol'

/** What one event changed. */
export interface ChangeGroup {
  eventId: string
  event: string
  at: string
  changes: PropertyChangeBody[]
}

/** Changes, newest first, put together by the event that brought them; the app's own properties before the SDK's. */
export function groupChanges(changes: readonly PropertyChangeBody[]): ChangeGroup[] {
  const groups = new Map<string, ChangeGroup>()
  for (const change of changes) {
    const group = groups.get(change.event_uuid)
    if (group) group.changes.push(change)
    else groups.set(change.event_uuid, { eventId: change.event_uuid, event: change.event, at: change.at, changes: [change] })
  }
  for (const { changes: each } of groups.values())
    each.sort((one, other) => Number(one.key.startsWith('$')) - Number(other.key.startsWith('$')))
  return [...groups.values()]
}

/** Whether only what SDKs set by themselves changed: many such changes hide the few that the app made. */
export const isSdkOnly = ({ changes }: ChangeGroup): boolean => changes.every(({ key }) => key.startsWith('$'))
