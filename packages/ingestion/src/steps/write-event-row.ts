import { type EventCells, snapshotText } from '@hedgerow/stores'
import { instantText } from '../batch/instants.ts'
import type { RowBuffer } from '../batch/row-buffer.ts'
import type { EventDraft } from '../draft.ts'

/** The event's row in the event store. */
export function cellsOf(draft: EventDraft, insertedAtMicros: number): EventCells {
  return {
    projectId: draft.entry.projectId,
    uuid: draft.uuid,
    event: draft.event,
    timestampMs: draft.timestampMs,
    distinctId: draft.distinctId,
    personId: draft.personId,
    personMode: draft.personMode,
    properties: draft.properties,
    personSnapshot: draft.personSnapshot,
    personCreatedAtMs: draft.personCreatedAtMs,
    groups: draft.groups,
    sessionId: draft.sessionId,
    windowId: draft.windowId,
    elementsChain: draft.elementsChain,
    createdAtMs: draft.entry.receivedAtMs,
    insertedAtMicros,
  }
}

/** Adds the same row as one line of JSON. Columns that are empty text are left out. */
export function writeEventRow(rows: RowBuffer, draft: EventDraft, insertedAt: string): void {
  const { entry, groups } = draft
  rows.write(
    `{"project_id":${entry.projectId},"uuid":"${draft.uuid}","event":${JSON.stringify(draft.event)},"timestamp":"${instantText(draft.timestampMs)}","distinct_id":${JSON.stringify(draft.distinctId)},"person_id":"${draft.personId}","person_mode":"${draft.personMode}","person_created_at":"${instantText(draft.personCreatedAtMs)}","created_at":"${instantText(entry.receivedAtMs)}","inserted_at":"${insertedAt}"`,
  )
  if (groups) for (const [index, key] of groups.entries()) writeText(rows, `$group_${index}`, key)
  writeText(rows, '$session_id', draft.sessionId)
  writeText(rows, '$window_id', draft.windowId)
  writeText(rows, 'elements_chain', draft.elementsChain)
  rows.write(',"properties":')
  rows.write(JSON.stringify(draft.properties))
  rows.write(',"person_snapshot":')
  rows.write(snapshotText(draft.personSnapshot))
  rows.write('}\n')
}

function writeText(rows: RowBuffer, column: string, text: string): void {
  if (text !== '') rows.write(`,"${column}":${JSON.stringify(text)}`)
}
