import { randomUUID } from 'node:crypto'
import type { CommandOutcome } from '@hedgerow/ingestion'
import type { CapturedEvent, CommandBody, CommandEntry, LogEntryBody } from '@hedgerow/protocol'
import { EventLogUnavailable, type Stores } from '@hedgerow/stores'
import { HedgerowError } from './errors.ts'

type WithoutFrame<Entry> = Entry extends CommandEntry ? Omit<Entry, 'kind' | 'projectId' | 'receivedAt' | 'commandId'> : never
/** A command as its caller says it. */
export type Command = WithoutFrame<CommandEntry>

export interface LogChangesOptions {
  now: () => Date
  /** How long to wait for an outcome. */
  waitMs: number
}

const pollMs = 25
const slowestPollMs = 250

/**
 * Changes of persons and groups that the API asks for. They go through the event log, so that persons have one writer and
 * every change has its place in the order of events; each waits a while for its outcome.
 */
export function createLogChanges(stores: Stores, { now, waitMs }: LogChangesOptions) {
  async function append(projectId: number, eventCount: number, body: LogEntryBody): Promise<void> {
    try {
      await stores.log.append([{ projectId, eventCount, payload: new TextEncoder().encode(JSON.stringify(body)) }])
    } catch (error) {
      if (!(error instanceof EventLogUnavailable)) throw error
      throw new HedgerowError('store_unavailable', `The change could not be written: ${error.message}`, {
        cause: error,
        retryAfterSeconds: 5,
      })
    }
  }

  /** Asks until `find` gives something or the time is over. */
  async function waitFor<Found>(find: () => Promise<Found | undefined>): Promise<Found | undefined> {
    const endMs = performance.now() + waitMs
    for (let pauseMs = pollMs; ; pauseMs = Math.min(pauseMs * 1.5, slowestPollMs)) {
      const found = await find()
      if (found !== undefined || performance.now() + pauseMs > endMs) return found
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }

  async function outcomeOf(projectId: number, commandId: string): Promise<CommandOutcome | undefined> {
    const { rows } = await stores.application.pool.query<{ outcome: CommandOutcome }>(
      'SELECT outcome FROM ingestion_commands WHERE command_id = $1 AND project_id = $2',
      [commandId, projectId],
    )
    return rows[0]?.outcome
  }

  async function isCommitted(position: number): Promise<true | undefined> {
    const { rows } = await stores.application.pool.query<{ committed_position: number }>(
      'SELECT committed_position FROM ingestion_progress WHERE log_id = $1',
      [await stores.log.identity()],
    )
    return (rows[0]?.committed_position ?? 0) >= position ? true : undefined
  }

  const frame = (projectId: number) => ({ projectId, receivedAt: now().toISOString() })

  return {
    /**
     * Resolves with the outcome, or `queued` when it takes longer than the limit. Throws `not_found` or `cannot_change` when
     * the command found, in its turn, nothing that it could do.
     */
    async command(projectId: number, command: Command): Promise<CommandBody> {
      const commandId = randomUUID()
      await append(projectId, 0, { kind: 'command', ...frame(projectId), commandId, ...command })
      return commandBody(commandId, await waitFor(() => outcomeOf(projectId, commandId)))
    },

    /** What became of a command that was answered `queued`. */
    outcome: async (projectId: number, commandId: string): Promise<CommandBody> =>
      commandBody(commandId, await outcomeOf(projectId, commandId)),

    /** Sends an event of our own; true once it is stored, false when that takes longer than the limit. */
    async event(projectId: number, event: Pick<CapturedEvent, 'event' | 'distinctId' | 'properties'>): Promise<boolean> {
      const uuid = randomUUID()
      const { receivedAt } = frame(projectId)
      await append(projectId, 1, {
        kind: 'events',
        projectId,
        receivedAt,
        endpoint: 'api',
        events: [{ uuid, timestamp: receivedAt, ...event }],
      })
      const head = await stores.log.head()
      return (await waitFor(() => isCommitted(head))) ?? false
    },
  }
}

export type LogChanges = ReturnType<typeof createLogChanges>

function commandBody(commandId: string, outcome: CommandOutcome | undefined): CommandBody {
  if (outcome === undefined) return { command_id: commandId, status: 'queued', outcome: null }
  if (outcome.status === 'not_found') throw new HedgerowError('not_found', outcome.detail)
  if (outcome.status === 'invalid') throw new HedgerowError('cannot_change', outcome.detail)
  return { command_id: commandId, status: 'done', outcome }
}
