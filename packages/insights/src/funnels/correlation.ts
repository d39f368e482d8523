import { build, propertyFilters, type syntax } from '@hedgerow/hogql'
import {
  type ActorsSelection,
  type Insight,
  type InsightActors,
  type InsightAnswer,
  type InsightContext,
  invalidQuestion,
  type QueryNode,
  type RunTree,
} from '../context.ts'
import { shownRange, within } from '../dates/date-range.ts'
import { readChoice, readObject, readTexts } from '../question/fields.ts'
import { readSeries } from '../question/series.ts'
import { ofStep } from './actors.ts'
import { did, timeOfStep } from './compile.ts'
import { shapeCorrelations } from './correlation-shape.ts'
import { fn, int, item, lambda, named, no, plus, selectFrom } from './expressions.ts'
import { type FunnelQuestion, resolveFunnel } from './resolve.ts'
import { walkOf } from './walk.ts'

type Expr = syntax.Expr

/** `FunnelCorrelationQuery`: what those that came through a funnel did, or are, more or less often than those that did not. */
interface CorrelationQuestion {
  funnel: FunnelQuestion
  type: 'events' | 'event_with_properties' | 'properties'
  /** `actor_id`, `converted`, and in microseconds when each entered and until when what it did counts. */
  actors: syntax.Select
  excludedEvents: string[]
  events: string[]
  excludedProperties: string[]
  properties: string[]
}

const limits = { names: 500 }

function resolveCorrelation(node: QueryNode, context: InsightContext): CorrelationQuestion {
  const source = readObject(node.source, 'source')
  const inner = source.kind === 'FunnelsActorsQuery' ? readObject(source.source, 'source.source') : source
  if (inner.kind !== 'FunnelsQuery')
    throw invalidQuestion(`source must be a FunnelsActorsQuery of a FunnelsQuery, not ${JSON.stringify(inner.kind)}`)
  const { breakdownFilter: _, ...plain } = inner
  const filter = { ...readObject(inner.funnelsFilter, 'funnelsFilter'), funnelVizType: 'steps' }
  const funnel = resolveFunnel({ ...plain, funnelsFilter: filter }, context)
  const type = readChoice<CorrelationQuestion['type']>(
    node.funnelCorrelationType,
    ['events', 'properties', 'event_with_properties'],
    'funnelCorrelationType',
  )
  const texts = (name: string) => readTexts(node[name], limits.names, name)
  const question: CorrelationQuestion = {
    funnel,
    type,
    actors: actorsOf(funnel, source, context),
    excludedEvents: texts('funnelCorrelationExcludeEventNames'),
    events: texts('funnelCorrelationEventNames'),
    excludedProperties: texts(type === 'properties' ? 'funnelCorrelationExcludeNames' : 'funnelCorrelationEventExcludePropertyNames'),
    properties: texts('funnelCorrelationNames'),
  }
  if (type === 'properties' && question.properties.length === 0)
    throw invalidQuestion('funnelCorrelationNames must name at least one property, or $all')
  if (type === 'event_with_properties' && question.events.length === 0)
    throw invalidQuestion('funnelCorrelationEventNames must name at least one event')
  return question
}

/** Those that reached the step that is asked for, everyone who entered unless one is, with the time in which events count. */
function actorsOf(funnel: FunnelQuestion, source: QueryNode, context: InsightContext): syntax.Select {
  const { funnelStep = 1, funnelCustomSteps } = source.kind === 'FunnelsActorsQuery' ? source : {}
  const walk = walkOf(funnel, context)
  const last = funnel.steps.length
  const micros = (step: number) => plus(timeOfStep(funnel, step), int(walk.originMicros))
  const windowEnd = plus(micros(1), int(funnel.windowSeconds * 1_000_000))
  return selectFrom(
    walk.query,
    [
      named('actor_id'),
      build.alias('converted', did(last)),
      build.alias('entered_micros', micros(1)),
      build.alias('until_micros', fn('if', did(last), micros(last), windowEnd)),
    ],
    { where: ofStep(funnel, { funnelStep, funnelCustomSteps }) },
  )
}

/** Events between an actor's entry and its conversion, or the end of its window, that are none of the steps. `e` and `a` are the two sides. */
function eventsOf({ funnel, actors, excludedEvents }: CorrelationQuestion, items: Expr[], conditions: Expr[]): syntax.Select {
  const steps = [...new Set(funnel.steps.flatMap(({ names }) => names ?? []))]
  const left = [...steps, ...excludedEvents]
  const micros = fn('toUnixTimestamp64Micro', named('timestamp'))
  return build.select(items, {
    from: {
      table: build.table('events'),
      joins: [
        {
          join: 'INNER JOIN',
          table: { kind: 'subquery', query: actors },
          alias: 'a',
          on: build.compare('=', funnel.actor.id, build.field('a', 'actor_id')),
        },
      ],
    },
    where: build.and([
      within(funnel.range),
      ...(funnel.actor.condition ? [funnel.actor.condition] : []),
      fn('greater', micros, build.field('a', 'entered_micros')),
      fn('less', micros, build.field('a', 'until_micros')),
      ...(left.length > 0 ? [build.compare('not in', named('event'), build.tuple(left.map(build.constant)))] : []),
      ...conditions,
    ]),
  })
}

const counts = (converted: Expr, actor: Expr): Expr[] => [
  build.alias('success_count', fn('uniqExactIf', actor, converted)),
  build.alias('failure_count', fn('uniqExactIf', actor, no(converted))),
]

/** Rows of a name, `event`, `event::property::value` or `property::value`, and how many actors of each outcome have it. */
function correlationsQuery(question: CorrelationQuestion): syntax.Select {
  const grouped = { groupBy: { mode: 'plain' as const, exprs: [named('name')] } }
  const sides = [build.alias('actor', build.field('a', 'actor_id')), build.alias('has_converted', build.field('a', 'converted'))]
  const both = counts(named('has_converted'), named('actor'))
  switch (question.type) {
    case 'events':
      return selectFrom(eventsOf(question, [build.alias('name', named('event')), ...sides], []), [named('name'), ...both], grouped)
    case 'event_with_properties': {
      const isSought = build.compare('in', named('event'), build.tuple(question.events.map(build.constant)))
      const pair = build.alias('pair', fn('arrayJoin', pairsIn(build.field('properties'))))
      const rows = eventsOf(question, [build.alias('of', named('event')), pair, ...sides], [isSought])
      const few = fn('greater', plus(named('success_count'), named('failure_count')), int(2))
      return selectFrom(rows, [build.alias('name', joined(named('of'), item(named('pair'), 1), item(named('pair'), 2))), ...both], {
        ...grouped,
        where: withoutNames(question.excludedProperties),
        having: few,
      })
    }
    case 'properties':
      return selectFrom(
        propertiesOf(question, sides),
        [build.alias('name', joined(item(named('pair'), 1), item(named('pair'), 2))), ...both],
        {
          ...grouped,
          where: withoutNames(question.excludedProperties),
        },
      )
  }
}

const joined = (...parts: Expr[]): Expr => fn('arrayStringConcat', fn('array', ...parts), build.constant('::'))
const withoutNames = (names: string[]): Expr =>
  names.length === 0
    ? build.constant(true)
    : build.compare('not in', fn('toString', item(named('pair'), 1)), build.tuple(names.map(build.constant)))

/** Names and values of a document, as texts; dots of a name are stored as %2E. */
function pairsIn(document: Expr): Expr {
  // Paths that an event lacks are null here, and left out below.
  const raw = fn('_JSONExtractKeysAndValuesRaw', document)
  const given = fn('arrayFilter', lambda(['pair'], fn('notEquals', item(named('pair'), 2), build.constant('null'))), raw)
  const value = item(named('pair'), 2)
  const text = fn(
    'if',
    fn('startsWith', value, build.constant('"')),
    fn('JSONExtractString', fn('concat', build.constant('['), value, build.constant(']')), int(1)),
    value,
  )
  const name = fn('replaceAll', item(named('pair'), 1), build.constant('%2E'), build.constant('.'))
  return fn('arrayMap', lambda(['pair'], fn('tuple', name, text)), given)
}

/** Each property that the actors have. */
function propertiesOf({ funnel, actors, properties }: CorrelationQuestion, sides: Expr[]): syntax.Select {
  const index = funnel.actor.groupTypeIndex
  const [table, key] = index === undefined ? ['persons', 'id'] : ['groups', 'key']
  const named_ = properties.map((name) =>
    fn('tuple', build.constant(name), fn('ifNull', fn('toString', build.field('properties', name)), build.constant(''))),
  )
  const given = fn('arrayFilter', lambda(['pair'], fn('notEmpty', item(named('pair'), 2))), fn('array', ...named_))
  const pairs = properties.includes('$all') ? pairsIn(build.field('properties')) : given
  return build.select([...sides, build.alias('pair', fn('arrayJoin', pairs))], {
    from: {
      table: build.table(table),
      joins: [
        {
          join: 'INNER JOIN',
          table: { kind: 'subquery', query: actors },
          alias: 'a',
          on: build.compare('=', named(key), build.field('a', 'actor_id')),
        },
      ],
    },
    where: index === undefined ? build.constant(true) : build.compare('=', named('index'), build.constant(index)),
  })
}

async function answer(node: QueryNode, context: InsightContext, run: RunTree): Promise<InsightAnswer> {
  const question = resolveCorrelation(node, context)
  const totals = selectFrom(question.actors, counts(named('converted'), named('actor_id')))
  const query = correlationsQuery(question)
  const [[success = 0, failure = 0] = []] = await run(totals)
  const results = shapeCorrelations(await run(query), { success: Number(success), failure: Number(failure) }, question.funnel.sampledShare)
  return { results, query, resolved_date_range: shownRange(question.funnel.range) }
}

/** `FunnelCorrelationActorsQuery`: those with the event, or the properties, of one outcome or of both. */
function correlationActors(node: QueryNode, selection: ActorsSelection, context: InsightContext): InsightActors {
  const question = resolveCorrelation(node, context)
  const {
    funnelCorrelationPersonEntity: entity,
    funnelCorrelationPropertyValues: values,
    funnelCorrelationPersonConverted: wanted,
  } = selection
  const { actors, funnel } = question
  const index = funnel.actor.groupTypeIndex
  const conditions: Expr[] = []
  if (wanted !== undefined && wanted !== null) {
    if (typeof wanted !== 'boolean' && typeof wanted !== 'string')
      throw invalidQuestion(`funnelCorrelationPersonConverted must be true or false, not ${JSON.stringify(wanted)}`)
    conditions.push(String(wanted) === 'true' ? named('converted') : no(named('converted')))
  }
  if (entity !== undefined && entity !== null) {
    const series = readSeries(entity, 0, context)
    if (!series) throw invalidQuestion('funnelCorrelationPersonEntity: there is no such action')
    const have = eventsOf(question, [build.alias('actor', build.field('a', 'actor_id'))], [series.condition])
    conditions.push(build.compare('in', named('actor_id'), { kind: 'subquery', query: have }))
  }
  if (values !== undefined && values !== null) {
    const [table, key, scope] = index === undefined ? (['persons', 'id', 'persons'] as const) : (['groups', 'key', 'groups'] as const)
    const filters = propertyFilters(values, { ...context.filters, scope })
    const ofType = index === undefined ? [] : [build.compare('=', named('index'), build.constant(index))]
    const have = build.select([named(key)], { from: { table: build.table(table), joins: [] }, where: build.and([filters, ...ofType]) })
    conditions.push(build.compare('in', named('actor_id'), { kind: 'subquery', query: have }))
  }
  const query = selectFrom(actors, [named('actor_id')], {
    where: build.and(conditions),
    groupBy: { mode: 'plain', exprs: [named('actor_id')] },
  })
  return { query, ...(index === undefined ? {} : { groupTypeIndex: index }) }
}

export const funnelCorrelation: Insight = {
  answer,
  actors: async (node: QueryNode, selection: ActorsSelection, context: InsightContext) => correlationActors(node, selection, context),
}
