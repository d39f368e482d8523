import { build, type syntax } from '@hedgerow/hogql'
import { exposedUnits, from, isExposed } from './compile.ts'
import { metricValues } from './metric-columns.ts'
import { exposedAt } from './per-unit.ts'
import type { ExperimentQuestion } from './question.ts'
import { createStreams } from './streams.ts'

const { alias, call, compare, constant, field } = build

/** Which of a variant's units are wanted. */
export interface UnitsPage {
  variant: string
  limit: number
  offset: number
}

/**
 * The units that the sums of the question's one metric are made of, those with the largest values first. Columns: unit, the instant of its exposure in milliseconds, its
 * value before any clamping, and of a ratio its denominator (else 1). Of a funnel, the value is how many steps the unit reached.
 */
export function compileUnits(question: ExperimentQuestion, now: Date, { variant, limit, offset }: UnitsPage): syntax.Select {
  const [metric] = question.metrics
  if (!metric) throw new Error('units are those of a metric')
  const streams = createStreams()
  const values = metricValues(streams, metric, 0, question, now)
  const units = build.select([field('unit'), field('variant'), field('exposed_at'), ...values.map(([name, expr]) => alias(name, expr))], {
    from: from(exposedUnits(question, streams, now, { named: true })),
    where: isExposed(question),
  })
  return build.select(
    [
      field('unit'),
      alias('at', call('intDiv', exposedAt, constant(1000))),
      alias('value', field('value_0')),
      alias('base', metric.type === 'ratio' ? field('base_0') : constant(1)),
    ],
    {
      from: from(units),
      where: build.and([compare('=', field('variant'), constant(variant)), call('greater', field('in_0'), constant(0))]),
      orderBy: [build.orderBy(field('value'), true), build.orderBy(field('at'), true), build.orderBy(field('unit'))],
      limit: constant(limit),
      offset: constant(offset),
    },
  )
}
