import * as fc from 'fast-check'
import { eventRow, personRow, type QueryStores } from '../query-test-stores.ts'

/** One event as tests know it: everything that a question could ask of it. */
export interface StreamEvent {
  event: string
  /** Which person; the last one is none: a distinct id alone. */
  who: number
  /** Which of the person's two distinct ids. */
  alias: boolean
  at: Date
  browser: string | undefined
  price: number | string | undefined
  group: string
  session: string
  /** Among events of one instant, the order of their ids. */
  place: number
}

/** "Now" of every question: two days after clocks went back in New York. */
export const streamNow = new Date('2024-11-05T12:34:56Z')
export const personCount = 5
export const plans = ['free', 'pro', 'pro', 'free', undefined]

const secondsBack = 65 * 86_400
/** Events that lie close together, and events that lie far apart; some at the very same second. */
const seconds = fc.oneof(
  fc.integer({ min: 0, max: secondsBack }),
  fc.integer({ min: 0, max: 65 * 4 }).map((sixHours) => sixHours * 21_600),
  fc.integer({ min: 0, max: 5 * 86_400 }),
)

export const randomStream: fc.Arbitrary<StreamEvent[]> = fc
  .array(
    fc.record({
      event: fc.constantFrom('view', 'buy', 'leave'),
      who: fc.nat({ max: personCount }),
      alias: fc.boolean(),
      at: seconds.map((back) => new Date(streamNow.getTime() - back * 1000)),
      browser: fc.constantFrom('Chrome', 'Chrome', 'Safari', 'Opera', 'Firefox', '', undefined),
      price: fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: -20, max: 200 }).map((cents) => cents / 4) },
        fc.constantFrom('none', undefined),
      ),
      group: fc.constantFrom('', 'acme', 'globex', 'initech'),
      session: fc.constantFrom('', 's1', 's2', 's3', 's4'),
    }),
    { minLength: 1, maxLength: 70 },
  )
  .map((events) => events.map((event, place) => ({ ...event, place })))

/** A person's id; a distinct id without a person stands for one of its own. */
export const personOf = ({ who, alias }: Pick<StreamEvent, 'who' | 'alias'>): string =>
  who === personCount ? `nobody-${alias}` : `person-${who}`

const uuid = (projectId: number, kind: number, n: number) =>
  `${String(projectId).padStart(8, '0')}-0000-4000-800${kind}-${String(n).padStart(12, '0')}`

/** The engine's id of {@link personOf}. */
export const personId = (projectId: number, { who, alias }: Pick<StreamEvent, 'who' | 'alias'>): string =>
  who === personCount ? uuid(projectId, 1, Number(alias)) : uuid(projectId, 0, who)

/** Puts a stream into a project of its own. Second distinct ids were merged: their events still carry another person's id. */
export async function storeStream(
  stores: QueryStores,
  projectId: number,
  stream: StreamEvent[],
  project: { timezone: string; week_start_day: number },
): Promise<void> {
  await stores.addProject(projectId, project)
  const people = Array.from({ length: personCount }, (_, who) => who)
  const aliases = people.flatMap((who) => [
    { project_id: projectId, distinct_id: `d${who}true`, person_id: uuid(projectId, 0, who), is_deleted: 0, version: 1 },
  ])
  const firsts = aliases.map((row, who) => ({ ...row, distinct_id: `d${who}false` }))
  await stores.insert(
    'persons',
    people.map((who) => personRow(projectId, uuid(projectId, 0, who), plans[who] === undefined ? {} : { plan: plans[who] })),
  )
  await stores.insert('person_distinct_ids', [...firsts, ...aliases])
  await stores.insert('person_distinct_id_overrides', aliases)
  await stores.insert(
    'events',
    stream.map((event) => storedEvent(projectId, event)),
  )
  const { db } = stores.application
  await db.insertInto('group_types').values({ project_id: projectId, group_type: 'company', group_type_index: 0 }).execute()
  await stores.defineProperty(projectId, 'event', 'price', 'Numeric')
}

function storedEvent(projectId: number, event: StreamEvent) {
  const { browser, price, group, session, who, alias } = event
  const isMerged = who !== personCount && alias
  return eventRow(projectId, event.event, event.at.toISOString(), {
    distinct_id: `d${who}${alias}`,
    person_id: isMerged ? uuid(projectId, 2, who) : personId(projectId, event),
    properties: { ...(browser === undefined ? {} : { browser }), ...(price === undefined ? {} : { price }) },
    $group_0: group,
    $session_id: session === '' ? '' : `${projectId}-${session}`,
  })
}
