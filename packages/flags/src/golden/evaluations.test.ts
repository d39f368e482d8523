import { expect, test } from 'vitest'
import { FlagSet } from '../evaluate/flag-set.ts'
import { flagValue } from '../evaluate/result.ts'
import { type EvaluationCase, flagOf, sourceOf, subjectOf } from './evaluation-case.fixture.ts'
import { readCases } from './read-cases.fixture.ts'

const cases = readCases<EvaluationCase>('evaluations')

test.each(cases.map((given) => [given.name, given] as const))('%s', (_, given) => {
  const evaluation = new FlagSet(sourceOf(given)).evaluate(subjectOf(given), { keys: given.request.flag_keys })
  const answers = Object.fromEntries(
    evaluation.results.map((result) => [
      result.key,
      [result.enabled, result.variant, result.reason.code, result.reason.conditionIndex, result.payload],
    ]),
  )
  expect(answers).toMatchObject(given.answers)
  for (const key of given.leftOut ?? []) expect(answers).not.toHaveProperty([key])
  expect(evaluation.hasErrors).toBe(given.hasErrors ?? false)
})

test.each(readCases<{ key: string; filters: object; answers: string }>('consistency'))('thousand identifiers of $key', (given) => {
  const flag = flagOf({ id: 1, key: given.key, active: true, filters: given.filters })
  const set = new FlagSet({ flags: [flag], cohorts: [], groupTypes: new Map(), timezone: 'UTC' })
  const keys = (flag.filters.multivariate?.variants ?? []).map((variant) => variant.key)
  const answers = [...given.answers].map((_, index) => {
    const subject = subjectOf({ name: '', flags: [], request: { distinct_id: `distinct_id_${index}` }, answers: {}, node: {} })
    const [result] = set.evaluate(subject).results
    const value = result && flagValue(result)
    if (typeof value === 'string') return String(keys.indexOf(value) + 1)
    return value ? '1' : '0'
  })
  expect(answers.join('')).toBe(given.answers)
})
