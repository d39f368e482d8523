import { build, type syntax } from '@hedgerow/hogql'
import { within } from '../dates/date-range.ts'
import { type PlainLine, type Plan, plainCount } from './arms.ts'
import { breakdownValues } from './lines.ts'
import { actorConditions, isTrue } from './resolve.ts'

const { alias, and, call, constant, field } = build

/** Rows of several lines of one period, as of one arm each, from one scan of the events: each line is an aggregate of those that are its own. */
export function sharedArm({ question, context, saysLine }: Plan, lines: PlainLine[]): syntax.Select {
  const [first] = lines
  if (!first) throw new Error('a scan for no lines')
  const plan = { question, context, saysLine }
  const { values, events } = breakdownValues(question.breakdown, first, context)
  const keys = [
    ...values.map((value, i) => alias(`breakdown_${i}`, value)),
    ...(first.buckets ? [alias('bucket', first.buckets.key(field('timestamp')))] : []),
  ]
  const names = keys.map((key) => field(key.kind === 'alias' ? key.name : ''))
  const own = lines.map(({ series }) => and([series.condition, ...actorConditions(series)].filter((expr) => !isTrue(expr))))
  const isSame = own.every((condition) => JSON.stringify(condition) === JSON.stringify(own[0]))
  const points = lines.map((line, i) => {
    const condition = isSame ? undefined : own[i]
    const has = condition ? build.compare('>', call('countIf', condition), constant(0)) : constant(true)
    return build.tuple([
      constant(line.number),
      call('toFloat64', plainCount(line.series.math, plan, condition)),
      ...(question.breakdown ? [has] : []),
    ])
  })
  const scan = build.select([...keys, alias('points', build.array(points))], {
    from: { table: build.table('events'), joins: [] },
    where: and([within(first.period.range), ...matching(lines, own), ...question.filters, ...events]),
    ...(names.length ? { groupBy: { mode: 'plain' as const, exprs: names } } : {}),
  })
  const element = (index: number): syntax.Expr => ({ kind: 'tuple-access', base: field('point'), index })
  return build.select([alias('line', element(1)), ...names, alias('count', element(2))], {
    from: { table: { kind: 'subquery', query: scan }, joins: [] },
    arrayJoin: { left: false, items: [alias('point', field('points'))] },
    // A value that only another line has is none of this one's.
    ...(question.breakdown ? { where: element(3) } : {}),
  })
}

/** What the events of any line satisfy. Names stand by themselves where they can: the engine reads other columns only for rows that have one. */
function matching(lines: PlainLine[], own: syntax.Expr[]): syntax.Expr[] {
  if (own.some(isTrue)) return []
  const distinct = [...new Map(own.map((condition) => [JSON.stringify(condition), condition])).values()]
  const ids = [...new Set(lines.map(({ series: { type, id } }) => (type === 'events' && typeof id === 'string' ? id : undefined)))]
  const names = ids.filter((id) => id !== undefined)
  if (distinct.length === 1 || names.length < ids.length) return [build.or(distinct)]
  const byName = build.compare('in', field('event'), build.tuple(names.map(constant)))
  const isNameAlone = lines.every(({ series }, i) => JSON.stringify(series.event) === JSON.stringify(own[i]))
  return isNameAlone ? [byName] : [byName, build.or(distinct)]
}
