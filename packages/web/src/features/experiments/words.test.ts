import { describe, expect, test } from 'vitest'
import { axisOf, certaintyText, daysRun, effectText, keyFrom, metricWords, reasonText, toneOf, unitText, valueText } from './words.ts'

const variant = { key: 'test', number_of_samples: 100, sum: 10, value: 0.1234, validation_failures: [] }
const funnel = { metric: { metric_type: 'funnel' }, baseline: null, variant_results: [] }

describe('what is shown of a result', () => {
  test.each([
    [effectText(0.1234, 'relative'), '+12.3\u00a0%'],
    [effectText(-0.5, 'relative'), '−50\u00a0%'],
    [effectText(0.012345, 'absolute'), '+0.0123'],
    [effectText(null, 'relative'), '–'],
    [certaintyText({ ...variant, method: 'bayesian', chance_to_win: 0.97654 }), '97.65\u00a0%'],
    [certaintyText({ ...variant, method: 'bayesian', chance_to_win: 0.9999999 }), '> 99.99\u00a0%'],
    [certaintyText({ ...variant, method: 'frequentist', p_value: 1e-9 }), '< 0.0001'],
    [certaintyText({ ...variant, method: 'frequentist', p_value: null }), '–'],
    [valueText(funnel, variant), '12.34\u00a0%'],
    [valueText({ ...funnel, metric: { metric_type: 'mean' } }, variant), '0.1234'],
    [reasonText('not-enough-exposures, baseline-mean-is-zero'), 'fewer than 50 people, nothing in the baseline'],
    [reasonText('control_mean_must_be_positive'), 'control mean must be positive'],
  ])('%s', (shown, wanted) => {
    expect(shown).toBe(wanted)
  })

  test('less is better where the goal says so', () => {
    const significant = { ...variant, significant: true, effect: -0.2 }
    expect(toneOf(funnel, significant)).toBe('worse')
    expect(toneOf({ ...funnel, metric: { metric_type: 'mean', goal: 'decrease' } }, significant)).toBe('better')
    expect(toneOf(funnel, { ...significant, significant: false })).toBe('open')
  })

  test('one axis holds most intervals, and is never wider than all', () => {
    const result = (interval: [number, number]) => ({ ...funnel, variant_results: [{ ...variant, credible_interval: interval }] })
    expect(axisOf({ metrics: [result([-0.1, 0.3])], metrics_secondary: [] })).toBeCloseTo(0.345)
    expect(axisOf({ metrics: [result([-50, 80])], metrics_secondary: [] })).toBe(1)
    expect(axisOf({ metrics: [], metrics_secondary: [] })).toBeGreaterThan(0)
  })
})

test.each([
  ['Onboarding checklist', 'onboarding-checklist'],
  ['  Größe & Preis! ', 'groe-preis'],
  ['!!!', ''],
])('a key from %j', (name, key) => {
  expect(keyFrom(name)).toBe(key)
})

test('days', () => {
  expect(daysRun(null, null, 0)).toBeNull()
  expect(daysRun('2026-01-01T00:00:00Z', '2026-01-15T12:00:00Z', 0)).toBe(14)
})

test.each([
  [
    { metric_type: 'funnel', series: [{ event: 'viewed' }, { event: 'bought' }], conversion_window: 1, conversion_window_unit: 'day' },
    'The share of people who did viewed, then bought, within 1 day after they first saw a variant.',
  ],
  [
    { metric_type: 'mean', source: { event: 'bought', math: 'sum', math_property: 'amount' }, upper_bound_percentile: 0.99 },
    'The mean over people of sum of amount of bought, from when they first saw a variant to the end. Values beyond the percentile of 99 % are pulled in to it.',
  ],
  [
    { metric_type: 'ratio', numerator: { event: 'bought' }, denominator: { event: null, math: 'unique_session' }, conversion_window: 2 },
    'How often bought happened, divided by sessions with any event, within 2 days after they first saw a variant.',
  ],
])('%j in words', (metric, words) => {
  expect(metricWords(metric)).toBe(words)
})

test.each([
  [{ metric_type: 'funnel', series: [{}, {}] }, { value: 1 }, 'step 1 of 2'],
  [{ metric_type: 'funnel', series: [{}] }, { value: 0 }, '–'],
  [{ metric_type: 'retention' }, { value: 1 }, 'came back'],
  [{ metric_type: 'ratio' }, { value: 30, denominator: 4 }, '30 / 4'],
  [{ metric_type: 'mean' }, { value: 12.5 }, '12.5'],
])('what a person adds to %j', (metric, unit, words) => {
  expect(unitText(metric, { id: 'a', name: null, exposed_at: '2026-01-01T00:00:00Z', ...unit })).toBe(words)
})
