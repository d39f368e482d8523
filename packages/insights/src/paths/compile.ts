import { build, type syntax } from '@hedgerow/hogql'
import { within } from '../dates/date-range.ts'
import { actorBounds } from './funnel-bounds.ts'
import type { PathsQuestion } from './resolve.ts'

const { alias, and, arithmetic, array, call, compare, constant, field, from, groupBy, lambda, orderBy, select, table } = build

/**
 * While paths are put together, an event is one number: its time in microseconds in the upper 64 bits, the hash of its item in the lower ones.
 * why: such numbers sort, filter and group several times as fast as texts. limit: two of a million different items
 * have the same hash once in 30 million projects.
 */
const hashBits = constant(64)
const hashOf = (item: syntax.Expr) => call('cityHash64', item)
const momentOf = (microseconds: syntax.Expr, hash: syntax.Expr) =>
  call('plus', call('bitShiftLeft', call('_toUInt128', microseconds), hashBits), call('_toUInt128', hash))
const hashIn = (moment: syntax.Expr) => call('_toUInt64', moment)
const timeIn = (moment: syntax.Expr) => call('_toInt64', call('bitShiftRight', moment, hashBits))

/** Stands for what was left out in the middle. */
const gap = '...'

/** Rows `[source, target, value, milliseconds]`, where a source is `1_/a`: the edges in the order of the answer. */
export function compilePaths(question: PathsQuestion): syntax.Select {
  const ends = select(
    [...edgeColumns.map((name) => field(name)), alias('hash', call('arrayJoin', array([field('source_hash'), field('target_hash')])))],
    { from: from(heaviestEdges(question), 'edges') },
  )
  const isEnd = (name: string) => compare('=', field('ends', 'hash'), field('ends', name))
  const text = (name: string) => call('ifNull', call('anyIf', field('texts', 'item'), isEnd(name)), constant(gap))
  const keyed = (position: syntax.Expr, name: string) => call('concat', call('toString', position), constant('_'), text(name))
  const position = field('ends', 'position')
  return select(
    [
      alias('source', keyed(position, 'source_hash')),
      alias('target', keyed(arithmetic('+', position, constant(1)), 'target_hash')),
      alias('weight', field('ends', 'value')),
      alias('average', field('ends', 'milliseconds')),
    ],
    {
      from: { ...from(texts(question), 'texts'), joins: [joined('RIGHT JOIN', ends, 'ends', 'texts')] },
      groupBy: groupBy(...edgeColumns.map((name) => field('ends', name))),
      orderBy: [orderBy(field('weight'), true), orderBy(field('source')), orderBy(field('target'))],
      limit: constant(question.edgeLimit),
    },
  )
}

const edgeColumns = ['position', 'source_hash', 'target_hash', 'value', 'milliseconds']

const joined = (join: syntax.JoinKind, query: syntax.Query, name: string, to: string): syntax.Join => ({
  join,
  table: { kind: 'subquery', query },
  alias: name,
  on: compare('=', field(to, 'hash'), field(name, 'hash')),
})

/** As many as are asked for, and all that weigh as much as the last: among these the texts decide, which are not known here. */
function heaviestEdges(question: PathsQuestion): syntax.Select {
  const { edgeLimit, minEdgeWeight, maxEdgeWeight } = question
  const weights = [
    ...(minEdgeWeight === undefined ? [] : [compare('>=', field('value'), constant(minEdgeWeight))]),
    ...(maxEdgeWeight === undefined ? [] : [compare('<=', field('value'), constant(maxEdgeWeight))]),
  ]
  return select(
    [
      field('position'),
      field('source_hash'),
      field('target_hash'),
      alias('value', call('count')),
      alias('milliseconds', arithmetic('/', call('avg', field('passed')), constant(1000))),
    ],
    {
      from: from(pathEdges(question), 'edges'),
      groupBy: groupBy(field('position'), field('source_hash'), field('target_hash')),
      ...(weights.length === 0 ? {} : { having: and(weights) }),
      orderBy: [orderBy(field('value'), true)],
      limit: constant(edgeLimit),
      withTies: true,
    },
  )
}

/** Each item with its hash. */
function texts({ item, condition, range }: PathsQuestion): syntax.Select {
  return select([alias('hash', hashOf(item)), alias('item', call('any', item))], {
    from: { table: table('events'), joins: [] },
    where: and([condition, within(range)]),
    groupBy: groupBy(field('hash')),
  })
}

/** The steps of all paths: `actor_id`, `position` of the source, `source_hash`, `target_hash`, and `passed`, the microseconds between them. */
function pathEdges(question: PathsQuestion): syntax.Select {
  const sources = call('arrayPopBack', field('path'))
  const [source, target] = [field('from_moment'), field('to_moment')]
  return select(
    [
      field('actor_id'),
      field('position'),
      alias('source_hash', hashIn(source)),
      alias('target_hash', hashIn(target)),
      alias('passed', arithmetic('-', timeIn(target), timeIn(source))),
    ],
    {
      from: from(actorPaths(question), 'paths'),
      arrayJoin: {
        left: false,
        items: [
          alias('from_moment', sources),
          alias('to_moment', call('arrayPopFront', field('path'))),
          alias('position', call('arrayEnumerate', sources)),
        ],
      },
    },
  )
}

/** Each path, cut as the question asks for it: `actor_id` and `path`, an array of moments. */
function actorPaths(question: PathsQuestion): syntax.Select {
  const [moment, next] = [field('moment'), field('next')]
  const following = call('arrayPushBack', call('arrayPopFront', field('session')), call('_toUInt128', hashOf(constant(''))))
  // compat: of the same item several times in a row the last one counts; one that is empty, at the very end, is lost.
  const differs = call('notEquals', hashIn(moment), hashIn(next))
  const kept = call('arrayFilter', lambda(['moment', 'next'], differs), field('session'), following)
  const { columns, path, where } = cutPath(question)
  return select([field('actor_id'), alias('kept', kept), ...columns, alias('path', path)], {
    from: from(actorSessions(question), 'actors'),
    arrayJoin: { left: false, items: [alias('session', field('sessions'))] },
    ...(where ? { where } : {}),
  })
}

interface Cut {
  columns: syntax.Expr[]
  path: syntax.Expr
  where?: syntax.Expr
}

const slice = (of: syntax.Expr, offset: syntax.Expr, ...length: syntax.Expr[]) => call('arraySlice', of, offset, ...length)
const place = (point: string, moments: syntax.Expr) =>
  call('indexOf', call('arrayMap', lambda(['moment'], hashIn(field('moment'))), moments), hashOf(constant(point)))
const isFound = (name: string) => call('greater', field(name), constant(0))

function cutPath({ start, end, stepLimit }: PathsQuestion): Cut {
  const [kept, limit, one] = [field('kept'), constant(stepLimit), constant(1)]
  const startAt = field('start_at')
  const endAt = field('end_at')
  if (start !== undefined && end !== undefined) return cutBetween(start, end, stepLimit)
  if (start !== undefined) {
    const path = slice(kept, call('greatest', startAt, one), limit)
    return { columns: [alias('start_at', place(start, kept))], path, where: isFound('start_at') }
  }
  if (end === undefined) return { columns: [], path: slice(kept, one, limit) }
  const first = call('greatest', arithmetic('+', arithmetic('-', endAt, limit), one), one)
  const path = slice(kept, first, call('least', endAt, limit))
  return { columns: [alias('end_at', place(end, kept))], path, where: isFound('end_at') }
}

/** From one point to the other; what is too long for the limit loses its middle. */
function cutBetween(start: string, end: string, stepLimit: number): Cut {
  const half = Math.floor(stepLimit / 2)
  const [one, halved] = [constant(1), constant(half)]
  const endAt = field('end_at')
  const whole = field('whole')
  const middle = momentOf(timeIn(call('arrayElement', whole, constant(half + 1))), hashOf(constant(gap)))
  const last = slice(whole, call('greatest', arithmetic('+', arithmetic('-', endAt, halved), one), one), halved)
  const shortened = call('arrayConcat', slice(whole, one, halved), array([middle]), last)
  return {
    columns: [
      alias('start_at', place(start, field('kept'))),
      alias('rest', slice(field('kept'), call('greatest', field('start_at'), one))),
      alias('end_at', place(end, field('rest'))),
      alias('whole', slice(field('rest'), one, endAt)),
    ],
    path: call('if', call('greater', endAt, constant(stepLimit)), shortened, whole),
    where: call('and', isFound('start_at'), isFound('end_at')),
  }
}

/** Each actor with its sessions: arrays of moments between which no pause is too long. */
function actorSessions({ actor, item, condition, range, funnel, pauseMs }: PathsQuestion): syntax.Select {
  const moments = call('arraySort', call('groupArray', momentOf(call('toUnixTimestamp64Micro', field('timestamp')), hashOf(item))))
  const inner = select([alias('actor_id', actor.id), alias('moments', moments)], {
    from: { table: table('events'), joins: funnel ? [actorBounds(funnel, actor)] : [] },
    where: and([condition, within(range), ...(funnel ? [funnel.condition] : [])]),
    groupBy: groupBy(field('actor_id')),
  })
  const pauses = call('arrayDifference', call('arrayMap', lambda(['moment'], timeIn(field('moment'))), field('moments')))
  const isNew = call('greaterOrEquals', field('pause'), constant(pauseMs * 1000))
  return select([field('actor_id'), alias('sessions', call('arraySplit', lambda(['moment', 'pause'], isNew), field('moments'), pauses))], {
    from: from(inner, 'actors'),
  })
}

/** A node of the answer. */
export interface PathKey {
  position: number
  item: string
}

const isItem = (hash: syntax.Expr, { item }: PathKey) => compare('=', hash, hashOf(constant(item)))

/** The actors with steps from `source` and to `target`, and in `event_count` with how many. */
export function actorsOfEdges(question: PathsQuestion, source: PathKey | undefined, target: PathKey | undefined): syntax.Select {
  const conditions = [
    ...(source ? [compare('=', field('position'), constant(source.position)), isItem(field('source_hash'), source)] : []),
    ...(target ? [compare('=', field('position'), constant(target.position - 1)), isItem(field('target_hash'), target)] : []),
  ]
  return select([field('actor_id'), alias('event_count', call('count'))], {
    from: from(pathEdges(question), 'edges'),
    ...(conditions.length === 0 ? {} : { where: and(conditions) }),
    groupBy: groupBy(field('actor_id')),
  })
}

/** The actors whose paths end there, and in `event_count` how many of them do. */
export function actorsOfEnd(question: PathsQuestion, end: PathKey): syntax.Select {
  const last = call('arrayElement', field('path'), constant(-1))
  return select([field('actor_id'), alias('event_count', call('count'))], {
    from: from(actorPaths(question), 'paths'),
    where: and([compare('=', call('length', field('path')), constant(end.position)), isItem(hashIn(last), end)]),
    groupBy: groupBy(field('actor_id')),
  })
}
