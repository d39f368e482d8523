import type { EventRow } from '@hedgerow/stores'
import { instantText } from '../batch/instants.ts'
import type { EventDraft } from '../draft.ts'

/** The columns, for the compiler: a column that is added to the table is missing here until it is written below. */
type WrittenColumn = keyof EventRow

const noGroups = ['', '', '', '', ''] as const

/**
 * The event's row in the event store, as one line of JSON. Built as text: the person's properties are text
 * already, shared by all events of the same version of the person.
 *
 * `withoutPerson` leaves the person's properties out, for a row that the store refused with them.
 */
export function buildEventRow(draft: EventDraft, insertedAt: string, options: { withoutPerson?: boolean } = {}): string {
  const groups = draft.groups ?? noGroups
  const row: Record<WrittenColumn, string> = {
    project_id: String(draft.entry.projectId),
    uuid: `"${draft.uuid}"`,
    event: JSON.stringify(draft.event),
    timestamp: `"${instantText(draft.timestampMs)}"`,
    distinct_id: JSON.stringify(draft.distinctId),
    person_id: `"${draft.personId}"`,
    person_mode: `"${draft.personMode}"`,
    properties: JSON.stringify(draft.properties),
    person_properties: options.withoutPerson ? '{}' : draft.personJson,
    person_created_at: `"${instantText(draft.personCreatedAtMs)}"`,
    $group_0: JSON.stringify(groups[0]),
    $group_1: JSON.stringify(groups[1]),
    $group_2: JSON.stringify(groups[2]),
    $group_3: JSON.stringify(groups[3]),
    $group_4: JSON.stringify(groups[4]),
    $session_id: JSON.stringify(draft.sessionId),
    $window_id: JSON.stringify(draft.windowId),
    elements_chain: JSON.stringify(draft.elementsChain),
    created_at: `"${instantText(draft.entry.receivedAtMs)}"`,
    inserted_at: `"${insertedAt}"`,
  }
  let text = '{'
  for (const column in row) text += `${text === '{' ? '' : ','}"${column}":${row[column as WrittenColumn]}`
  return `${text}}`
}
