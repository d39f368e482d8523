import type { EventBody, PersonBody, PropertyFilter } from '@hedgerow/protocol'
import { notFound } from '../errors.ts'
import type { Persons } from '../persons/persons.ts'
import type { Project } from '../projects/project.ts'
import type { QueryEngine } from '../query/query-engine.ts'
import { elementsOfChain } from './elements-of-chain.ts'

export interface EventsFilter {
  limit: number
  event?: string | undefined
  distinct_id?: string | undefined
  person_id?: string | undefined
  properties?: readonly PropertyFilter[]
  before?: string | undefined
  /** With `before`: also events of that very instant whose uuid sorts below this one. */
  before_id?: string | undefined
  after?: string | undefined
}

/** why: the engine leaves out what lies in the future unless told; a clock that is ahead must not hide events here. */
const endOfTime = '2299-01-01T00:00:00Z'

/** An event as the engine's `*` gives it. */
interface StarEvent {
  uuid: string
  event: string
  properties: Record<string, unknown>
  timestamp: string
  distinct_id: string
  elements_chain: string
}

/** Rows that `values` looks through for one property: recent ones, since it serves people who type. */
const valuesDays = 30
const mostValues = 50

/** Stored events, read through the query engine, each with the person that it belongs to now. */
export function createEvents(query: QueryEngine, persons: Persons, now: () => Date) {
  async function select(project: Project, body: Record<string, unknown>): Promise<EventBody[]> {
    const { results } = await query.rows({
      projectId: project.id,
      query: {
        kind: 'EventsQuery',
        select: ['*', 'person_id'],
        after: 'all',
        before: endOfTime,
        orderBy: ['timestamp DESC', 'uuid DESC'],
        ...body,
      },
    })
    const rows = results as unknown as [StarEvent, string][]
    const owners = await persons.byIds(
      project,
      rows.map(([, personId]) => personId),
    )
    return rows.map(([event, personId]) => eventBody(event, owners.get(personId)))
  }

  async function commonest(
    project: Project,
    table: 'events' | 'persons',
    key: string,
    conditions: string[],
    { search, event = '' }: { search?: string | undefined; event?: string | undefined },
  ): Promise<{ name: unknown }[]> {
    const where = ['isNotNull(properties[{key}])', ...conditions, ...(search ? ['toString(properties[{key}]) ILIKE {search}'] : [])]
    const { results } = await query.rows({
      projectId: project.id,
      query: {
        kind: 'HogQLQuery',
        query: `SELECT properties[{key}] AS value, count() AS seen FROM ${table} WHERE ${where.join(' AND ')}
                GROUP BY value ORDER BY seen DESC, toString(value) LIMIT ${mostValues}`,
        values: { key, event, search: `%${(search ?? '').replace(/[\\%_]/g, '\\$&')}%` },
      },
    })
    return results.map(([name]) => ({ name }))
  }

  return {
    /** Newest first. `cursor` is what to ask for the rest with, if there is more. */
    async list(
      project: Project,
      filter: EventsFilter,
    ): Promise<{ results: EventBody[]; cursor: { before: string; beforeId: string } | undefined }> {
      const { limit, event, distinct_id, person_id, properties } = filter
      const where = [...(distinct_id === undefined ? [] : [`distinct_id = ${quoted(distinct_id)}`]), ...beforeCondition(filter)]
      const found: EventBody[] = []
      for (const { after, upTo } of windowsOf(filter, now())) {
        const inWindow = upTo === undefined ? where : [...where, `timestamp <= toDateTime(${quoted(upTo)})`]
        const next = await select(project, {
          limit: limit + 1 - found.length,
          after,
          ...(event === undefined ? {} : { event }),
          ...(person_id === undefined ? {} : { personId: person_id }),
          ...(properties === undefined ? {} : { properties }),
          ...(inWindow.length === 0 ? {} : { where: inWindow }),
        })
        found.push(...next)
        if (found.length > limit) break
      }
      const results = found.slice(0, limit)
      const last = results.at(-1)
      return { results, cursor: found.length > limit && last ? { before: last.timestamp, beforeId: last.id } : undefined }
    },

    /** Throws `not_found`. */
    async get(project: Project, uuid: string): Promise<EventBody> {
      const [found] = await select(project, { limit: 1, where: [`uuid = ${quoted(uuid)}`] })
      if (!found) throw notFound(`event ${uuid}`)
      return found
    },

    /** The commonest values of an event property in recent events. */
    values(
      project: Project,
      key: string,
      options: { search?: string | undefined; event?: string | undefined },
    ): Promise<{ name: unknown }[]> {
      const conditions = [`timestamp > now() - INTERVAL ${valuesDays} DAY`, ...(options.event === undefined ? [] : ['event = {event}'])]
      return commonest(project, 'events', key, conditions, options)
    },

    /** The commonest values of a person property. */
    personValues: (project: Project, key: string, options: { search?: string | undefined }): Promise<{ name: unknown }[]> =>
      commonest(project, 'persons', key, [], options),
  }
}

const daysBack = [1, 7, 30, 180]

/**
 * Stretches of time to read one after the other until there are enough events, ever longer and each event in one of them: the newest are
 * nearly always among the last days', sorting all that a project ever had would cost seconds, and what few events match is looked for once.
 */
function windowsOf({ after, before }: EventsFilter, now: Date): { after: string; upTo: string | undefined }[] {
  const end = before === undefined ? now.getTime() : Date.parse(before)
  const from = after === undefined ? Number.NEGATIVE_INFINITY : Date.parse(after)
  const windows = daysBack.map((days) => end - days * 86_400_000).filter((at) => at > from)
  const begins = [...windows.map((at) => new Date(at).toISOString()), after ?? 'all']
  return begins.map((begin, index) => ({ after: begin, upTo: begins[index - 1] }))
}

function beforeCondition({ before, before_id: beforeId }: EventsFilter): string[] {
  if (before === undefined) return []
  const instant = `toDateTime(${quoted(before)})`
  if (beforeId === undefined) return [`timestamp < ${instant}`]
  return [`timestamp < ${instant} OR (timestamp = ${instant} AND uuid < toUUID(${quoted(beforeId)}))`]
}

/** A HogQL string literal. */
const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`

function eventBody(event: StarEvent, person: PersonBody | undefined): EventBody {
  const { uuid, timestamp, distinct_id, elements_chain } = event
  return {
    id: uuid,
    distinct_id,
    event: event.event,
    timestamp,
    properties: event.properties,
    elements: elementsOfChain(elements_chain),
    elements_chain,
    person: person
      ? {
          id: person.id,
          distinct_ids: person.distinct_ids,
          properties: person.properties,
          is_identified: person.is_identified,
          created_at: person.created_at,
        }
      : null,
  }
}
