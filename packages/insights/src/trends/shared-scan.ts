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
    where: and([
      within(first.period.range),
      ...namesOf(lines),
      ...(own.some(isTrue) ? [] : [isSame ? (own[0] ?? build.or(own)) : build.or(own)]),
      ...question.filters,
      ...events,
    ]),
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

/** The events' names by themselves: the engine finds the rows by them, which it does not through what is or-ed. */
function namesOf(lines: PlainLine[]): syntax.Expr[] {
  const ids = [...new Set(lines.map(({ series }) => (series.type === 'events' && typeof series.id === 'string' ? series.id : undefined)))]
  const names = ids.filter((id) => id !== undefined)
  if (names.length < ids.length || names.length < 2) return []
  return [build.compare('in', field('event'), build.tuple(names.map(constant)))]
}
