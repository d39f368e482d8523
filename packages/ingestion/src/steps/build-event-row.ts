import { instantText } from '../batch/instants.ts'
import type { EventDraft } from '../draft.ts'

const noGroups = ['', '', '', '', ''] as const

/**
 * The event's row in the event store, as one line of JSON. Built as text: the person's properties are text
 * already, shared by all events of the same version of the person.
 *
 * `withoutPerson` leaves the person's properties out, for a row that the store refused with them.
 */
export function buildEventRow(draft: EventDraft, insertedAt: string, options: { withoutPerson?: boolean } = {}): string {
  const { entry, groups } = draft
  const groupColumns = groups ? groups.map((key, index) => `,"$group_${index}":${JSON.stringify(key)}`).join('') : noGroupColumns
  return `{"project_id":${entry.projectId},"uuid":"${draft.uuid}","event":${JSON.stringify(draft.event)},"timestamp":"${instantText(draft.timestampMs)}","distinct_id":${JSON.stringify(draft.distinctId)},"person_id":"${draft.personId}","person_mode":"${draft.personMode}","properties":${JSON.stringify(draft.properties)},"person_properties":${options.withoutPerson ? '{}' : draft.personJson},"person_created_at":"${instantText(draft.personCreatedAtMs)}"${groupColumns},"$session_id":${JSON.stringify(draft.sessionId)},"$window_id":${JSON.stringify(draft.windowId)},"elements_chain":${JSON.stringify(draft.elementsChain)},"created_at":"${instantText(entry.receivedAtMs)}","inserted_at":"${insertedAt}"}`
}

const noGroupColumns = noGroups.map((_key, index) => `,"$group_${index}":""`).join('')
