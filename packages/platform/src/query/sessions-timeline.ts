import type { Parser } from '@hedgerow/hogql'
import { answerEventsQuery } from './events-query.ts'
import { invalidQuery } from './query-error.ts'
import type { QueryAccount } from './query-response.ts'
import type { QueryRun } from './run-query.ts'

type Json = Record<string, unknown>

interface TimelineEvent {
  id: string
  timestamp: string
  event: string
  distinct_id: string
  properties: Record<string, unknown>
  elements_chain: string
}

/** Events of one visit; `sessionId` where they carry one. */
interface TimelineEntry {
  sessionId?: string
  events: TimelineEvent[]
}

export type TimelineResponse = QueryAccount & { results: TimelineEntry[]; hasMore: boolean }

/** limit: events of one answer. */
const maxEvents = 1_000
/** Events without a session that lie further apart are of two visits. */
const gapMs = 30 * 60_000

/** `SessionsTimelineQuery`: what a person, or everybody, did, visit by visit, the newest first. */
export async function answerSessionsTimeline(run: QueryRun, node: Json, parser: Parser): Promise<TimelineResponse> {
  const { personId, sessionId } = node
  for (const [name, value] of Object.entries({ personId, sessionId })) {
    if (value !== undefined && value !== null && typeof value !== 'string') throw invalidQuery(`${name} must be text`)
  }
  const day = 86_400_000
  const answer = await answerEventsQuery(
    run,
    {
      kind: 'EventsQuery',
      select: ['*'],
      after: node.after ?? new Date(run.now.getTime() - day).toISOString(),
      before: node.before ?? run.now.toISOString(),
      orderBy: ['timestamp DESC', 'uuid DESC'],
      limit: maxEvents,
      ...(typeof personId === 'string' ? { personId } : {}),
      ...(typeof sessionId === 'string'
        ? { properties: [{ type: 'event', key: '$session_id', operator: 'exact', value: sessionId }] }
        : {}),
    },
    parser,
  )
  const { results, hasMore, columns: _columns, types: _types, limit: _limit, offset: _offset, ...account } = answer
  return { ...account, results: visitsOf((results as [Json][]).map(([event]) => eventOf(event))), hasMore }
}

function eventOf(star: Json): TimelineEvent {
  const { uuid, timestamp, event, distinct_id, properties, elements_chain } = star
  return {
    id: String(uuid),
    timestamp: String(timestamp),
    event: String(event),
    distinct_id: String(distinct_id),
    properties: properties as Record<string, unknown>,
    elements_chain: String(elements_chain),
  }
}

/** `events` come newest first, and so do the visits; inside a visit too. */
function visitsOf(events: TimelineEvent[]): TimelineEntry[] {
  const visits: TimelineEntry[] = []
  const bySession = new Map<string, TimelineEntry>()
  let informal: TimelineEntry | undefined
  for (const event of events) {
    const sessionId = event.properties.$session_id
    if (typeof sessionId === 'string' && sessionId !== '') {
      const known = bySession.get(sessionId)
      if (known) known.events.push(event)
      else {
        const entry = { sessionId, events: [event] }
        bySession.set(sessionId, entry)
        visits.push(entry)
      }
      continue
    }
    const later = informal?.events.at(-1)
    if (informal && later && Date.parse(later.timestamp) - Date.parse(event.timestamp) <= gapMs) informal.events.push(event)
    else {
      informal = { events: [event] }
      visits.push(informal)
    }
  }
  return visits
}
