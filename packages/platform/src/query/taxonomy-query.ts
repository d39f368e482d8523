import { build, type syntax } from '@hedgerow/hogql'
import { invalidQuery } from './query-error.ts'
import type { QueryAccount } from './query-response.ts'
import { count, texts } from './row-columns.ts'
import { type QueryRun, runQuery } from './run-query.ts'

type Json = Record<string, unknown>

interface PropertyExample {
  property: string
  sample_values: string[]
  /** Different values, about. */
  sample_count: number
}

export type TaxonomyResponse = QueryAccount & { results: PropertyExample[] }

const defaultValues = 5
/** limit: properties of one answer; each is one more column to read. */
const maxProperties = 100
const maxValues = 100
/** Examples are of events not older than this. */
const recentDays = 30

/** `EventTaxonomyQuery`: which properties the event has, and what stands in them. */
export async function answerEventTaxonomy(run: QueryRun, node: Json): Promise<TaxonomyResponse> {
  const { event, actionId } = node
  if (typeof event !== 'string' && !Number.isInteger(actionId))
    throw invalidQuery('EventTaxonomyQuery needs the name of an event in "event", or the id of an action in "actionId"')
  const wanted = texts(node.properties, 'properties') ?? (await propertiesOfEvent(run, typeof event === 'string' ? event : undefined))
  const since = build.arithmetic('-', build.call('now'), build.call('toIntervalDay', build.constant(recentDays)))
  const what =
    typeof event === 'string'
      ? build.compare('=', build.field('event'), build.constant(event))
      : build.call('matchesAction', build.constant(actionId as number))
  const where = build.and([what, build.compare('>', build.field('timestamp'), since)])
  return examples(run, 'events', wanted, node, where)
}

/** `ActorsPropertyTaxonomyQuery`: what stands in properties of persons, or of groups of one type. */
export async function answerActorsTaxonomy(run: QueryRun, node: Json): Promise<TaxonomyResponse> {
  const wanted = texts(node.properties, 'properties') ?? (typeof node.property === 'string' ? [node.property] : undefined)
  if (!wanted) throw invalidQuery('ActorsPropertyTaxonomyQuery needs the names of properties in "properties"')
  const { groupTypeIndex } = node
  if (groupTypeIndex === undefined || groupTypeIndex === null) return examples(run, 'persons', wanted, node, build.constant(true))
  return examples(run, 'groups', wanted, node, build.compare('=', build.field('index'), build.constant(groupTypeIndex as number)))
}

/** Names that were seen with the event; of an action, with any event. */
async function propertiesOfEvent({ stores, facts }: QueryRun, event: string | undefined): Promise<string[]> {
  const { rows } = await stores.application.pool.query<{ property: string }>(
    event === undefined
      ? `SELECT name AS property FROM property_definitions WHERE project_id = $1 AND type = 'event' AND $2::text IS NULL ORDER BY name LIMIT $3`
      : 'SELECT property FROM event_properties WHERE project_id = $1 AND event = $2 ORDER BY property LIMIT $3',
    [facts.id, event ?? null, maxProperties],
  )
  return rows.map(({ property }) => property)
}

async function examples(
  run: QueryRun,
  table: 'events' | 'persons' | 'groups',
  wanted: string[],
  node: Json,
  where: syntax.Expr,
): Promise<TaxonomyResponse> {
  const names = [...new Set(wanted)]
  if (names.length > maxProperties)
    throw invalidQuery(`properties has ${names.length} names; at most ${maxProperties} can be asked for at once`)
  const most = Math.min(count(node.maxPropertyValues, 'maxPropertyValues') ?? defaultValues, maxValues)
  const items = names.flatMap((name) => {
    const value = build.call('nullIf', build.call('toString', build.field('properties', name)), build.constant(''))
    return [{ ...build.call('topK', value), params: [build.constant(most)] } as syntax.Expr, build.call('uniq', value)]
  })
  const tree = build.select(names.length > 0 ? items : [build.constant(1)], {
    from: { table: build.table(table), joins: [] },
    where,
    limit: build.constant(1),
  })
  const { rows, response } = await runQuery(run, tree)
  const [row = []] = rows
  return {
    ...response,
    results: names.map((property, i) => ({
      property,
      sample_values: ((row[i * 2] ?? []) as unknown[]).filter((value) => value !== null).map(String),
      sample_count: Number(row[i * 2 + 1] ?? 0),
    })),
  }
}
