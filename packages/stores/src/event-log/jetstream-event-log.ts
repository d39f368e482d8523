import type { EventLog } from './event-log.ts'
import type { EventLogLimits } from './event-log-limits.ts'

export async function openJetStreamEventLog(natsUrl: string, _limits: EventLogLimits): Promise<EventLog> {
  throw new Error(`No JetStream log at ${natsUrl} yet`)
}
