import type { CommandEntry } from '@hedgerow/protocol'
import type { BatchBounds } from '../batch/batch.ts'
import type { IngestionState } from '../batch/ingestion-state.ts'
import { type CommandPlan, refusedPlan } from './command-plan.ts'
import { planGroupDeletion } from './delete-group.ts'
import { planPersonDeletion } from './delete-person.ts'
import { planSplit } from './split-person.ts'
import { readDistinctIds, readPerson } from './stored-person.ts'

/** Works out a command against the stores as the batch before it left them. */
export async function planCommand(command: CommandEntry, bounds: BatchBounds, state: IngestionState): Promise<CommandPlan> {
  switch (command.command) {
    case 'delete-person':
    case 'split-person': {
      const person = await readPerson(command.projectId, command.personId, state)
      if (!person)
        return refusedPlan({ status: 'not_found', detail: `There is no person ${command.personId} in project ${command.projectId}.` })
      const distinctIds = await readDistinctIds(command.projectId, person.id, state)
      const target = { command, bounds, state, person, distinctIds }
      return command.command === 'split-person' ? planSplit({ ...target, command }) : planPersonDeletion({ ...target, command })
    }
    case 'delete-group':
      return planGroupDeletion(command, bounds, state)
  }
}
