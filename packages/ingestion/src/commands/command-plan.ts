import type { ApplicationWrite } from '../batch/application-writes.ts'
import type { TableRows } from '../batch/event-store-rows.ts'

/** What the caller of a command finds under its id. */
export type CommandOutcome =
  | { status: 'done'; personIds?: string[]; distinctIds?: number }
  | { status: 'not_found'; detail: string }
  | { status: 'invalid'; detail: string }

/** A statement for the event store that takes rows out of the readers' sight. */
export interface EventDeletion {
  sql: string
  params: Record<string, unknown>
}

/** All that a command does, worked out; done in this order, and harmless to do again. */
export interface CommandPlan {
  deletions: EventDeletion[]
  tables: TableRows[]
  writes: ApplicationWrite[]
  outcome: CommandOutcome
  /** What the worker must no longer believe once it is done. */
  forget(): void
}

/** A command that changes nothing. */
export function refusedPlan(outcome: CommandOutcome): CommandPlan {
  return { deletions: [], tables: [], writes: [], outcome, forget: () => undefined }
}
