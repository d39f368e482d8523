import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectedLoss } from './bayesian.ts'
import {
  betaCdf,
  betaPoint,
  chiSquareSurvival,
  millsComplement,
  normalCdf,
  normalDensity,
  normalQuantile,
  tQuantile,
  tTwoSided,
} from './distributions.ts'
import { welchTest } from './frequentist.ts'
import { correctPValues } from './multiple-comparisons.ts'
import { exactSampleSizePerArm, minimumDetectableEffect, power } from './power.ts'
import { sequentialTest } from './sequential.ts'
import { moments, quantileRanks, type Statistic } from './statistic.ts'

function near(got: number, want: number, relative = 1e-9): void {
  expect(Math.abs(got - want)).toBeLessThanOrEqual(relative * Math.max(1e-12, Math.abs(want)))
}
const share = fc.double({ min: 0.0001, max: 0.9999, noNaN: true })

describe('distributions', () => {
  test('quantiles undo probabilities', () => {
    fc.assert(
      fc.property(share, fc.double({ min: 1, max: 1e6, noNaN: true }), (p, df) => {
        near(normalCdf(normalQuantile(p)), p)
        const t = tQuantile(p, df)
        near(tTwoSided(t, df), 2 * Math.min(p, 1 - p), 1e-6)
        near(betaCdf(betaPoint(p, 3, 7), 3, 7), p, 1e-8)
      }),
    )
  })

  test("Mills' complement is 1 − x·R(x)", () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 6, noNaN: true }), (x) => {
        near(millsComplement(x), 1 - (x * normalCdf(-x)) / normalDensity(x), 1e-7)
      }),
    )
    near(millsComplement(1000), 1 / 1000 ** 2, 1e-5)
  })

  test('the χ² of one degree is a squared normal', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 30, noNaN: true }), (z) => {
        near(chiSquareSurvival(z * z, 1), 2 * normalCdf(-z), 1e-8)
      }),
    )
  })
})

/** Enough units for Student's t to be the normal distribution, which sequences are made of. */
const large = fc
  .tuple(fc.integer({ min: 2000, max: 100_000 }), fc.double({ min: 0.05, max: 0.95, noNaN: true }))
  .map(([n, p]): Statistic => ({ type: 'proportion', n, sum: Math.round(n * p) }))

const proportions = fc
  .tuple(fc.integer({ min: 20, max: 100_000 }), share)
  .map(([n, p]): Statistic => ({ type: 'proportion', n, sum: Math.min(n - 1, Math.max(1, Math.round(n * p))) }))

describe('tests', () => {
  test('the interval leaves out no effect exactly when the p-value is below α', () => {
    fc.assert(
      fc.property(proportions, proportions, fc.constantFrom(0.01, 0.05, 0.1), (a, b, alpha) => {
        const { confidenceInterval, significant } = welchTest(a, b, { alpha, differenceType: 'absolute' })
        expect(significant).toBe(confidenceInterval[0] > 0 || confidenceInterval[1] < 0)
      }),
    )
  })

  test('reading at any time costs width, never gains it', () => {
    fc.assert(
      fc.property(large, large, (a, b) => {
        const fixed = welchTest(a, b)
        const always = sequentialTest(a, b)
        expect(always.halfwidth).toBeGreaterThan((fixed.confidenceInterval[1] - fixed.confidenceInterval[0]) / 2.2)
        if (always.significant) expect(fixed.significant).toBe(true)
      }),
    )
  })

  test('sums of values give their mean and variance', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 60 }), (values) => {
        const n = values.length
        const sum = values.reduce((all, value) => all + value, 0)
        const got = moments({ type: 'mean', n, sum, sumSquares: values.reduce((all, value) => all + value * value, 0) })
        const mean = sum / n
        const spread = values.reduce((all, value) => all + (value - mean) ** 2, 0)
        expect(Math.abs(got.variance - spread / (n - 1))).toBeLessThan(1e-6)
      }),
    )
  })

  test('what keeping one loses and what choosing the other loses differ by the mean', () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 0.001, max: 5, noNaN: true }), (mean, sd) => {
        const { chooseControl, chooseTreatment } = expectedLoss(mean, sd)
        expect(Math.min(chooseControl, chooseTreatment)).toBeGreaterThanOrEqual(0)
        expect(Math.abs(chooseControl - chooseTreatment - mean)).toBeLessThan(1e-9)
      }),
    )
  })

  test('the ranks around a quantile hold it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1e6 }), share, (n, level) => {
        const { lower, upper } = quantileRanks(n, level)
        expect(lower).toBeGreaterThanOrEqual(1)
        expect(upper).toBeLessThanOrEqual(n)
        expect(lower).toBeLessThanOrEqual(Math.max(1, n * level))
        expect(upper).toBeGreaterThanOrEqual(Math.min(n, n * level))
      }),
    )
  })
})

describe('planning', () => {
  test('the smallest effect is found with the power that was asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 500, max: 1e6 }),
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        fc.option(fc.constant(5000)),
        (n, p, tuned) => {
          const metric = { mean: p, variance: p * (1 - p), unitsPerArm: n, ...(tuned === null ? {} : { sequentialTuningParameter: tuned }) }
          const mde = minimumDetectableEffect(metric)
          if (mde !== null) near(power({ ...metric, relativeEffect: mde }), 0.8, 1e-3)
        },
      ),
    )
  })

  test('smaller effects need more units', () => {
    expect(exactSampleSizePerArm(1, 0.1)).toBeGreaterThan(exactSampleSizePerArm(1, 0.2))
  })
})

test('corrected p-values are never smaller, keep their order, and Holm lies between none and Bonferroni', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (pValues) => {
      const [holm, bonferroni, bh] = (['holm', 'bonferroni', 'benjamini_hochberg'] as const).map((method) =>
        correctPValues(pValues, method),
      )
      pValues.forEach((p, i) => {
        expect(holm?.[i]).toBeGreaterThanOrEqual(p)
        expect(bonferroni?.[i]).toBeGreaterThanOrEqual(holm?.[i] ?? 0)
        expect(holm?.[i]).toBeGreaterThanOrEqual((bh?.[i] ?? 0) - 1e-12)
      })
    }),
  )
})
