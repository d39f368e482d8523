import type { CommandEntry } from '@hedgerow/protocol'
import { eventStoreTables } from '@hedgerow/stores'
import type { BatchBounds } from '../batch/batch.ts'
import type { IngestionState } from '../batch/ingestion-state.ts'
import { microsText } from '../batch/instants.ts'
import { groupKeyOf } from '../groups/group-cache.ts'
import { type CommandPlan, refusedPlan } from './command-plan.ts'

/** The group and its properties go; events keep its key. */
export async function planGroupDeletion(
  command: Extract<CommandEntry, { command: 'delete-group' }>,
  bounds: BatchBounds,
  state: IngestionState,
): Promise<CommandPlan> {
  const { projectId, groupTypeIndex, groupKey } = command
  const address = [projectId, groupTypeIndex, groupKey]
  const { rows } = await state.sql.query<{ created_at: Date }>(
    'SELECT created_at FROM groups WHERE project_id = $1 AND group_type_index = $2 AND group_key = $3',
    address,
  )
  const row = rows[0]
  if (!row)
    return refusedPlan({
      status: 'not_found',
      detail: `There is no group "${groupKey}" of type ${groupTypeIndex} in project ${projectId}.`,
    })
  const version = bounds.insertedAtMicros
  const line = {
    project_id: projectId,
    group_type_index: groupTypeIndex,
    group_key: groupKey,
    created_at: microsText(row.created_at.getTime() * 1_000),
    updated_at: microsText(version),
    properties: {},
    is_deleted: 1,
    version,
  }
  return {
    deletions: [],
    tables: [{ table: eventStoreTables.groups, lines: [JSON.stringify(line)] }],
    writes: [
      { sql: 'DELETE FROM groups WHERE project_id = $1 AND group_type_index = $2 AND group_key = $3', values: address, mustChange: 1 },
    ],
    outcome: { status: 'done' },
    forget: () => state.groups.forget(groupKeyOf(projectId, groupTypeIndex, groupKey)),
  }
}
