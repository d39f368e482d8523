import { build } from '@hedgerow/hogql'
import { unitOf } from './compile.ts'
import type { ExperimentQuestion } from './question.ts'

/** Into how many parts units are hashed; random splits are made of these parts. */
const splitParts = 1000

/**
 * The same metrics over the project's own past, without any experiment: everybody who did anything in the time counts from their first event on, under one of
 * {@link splitParts} parts by the hash of their id.
 */
export function randomSplits(question: ExperimentQuestion, from: Date, to: Date): ExperimentQuestion {
  const { realPeople } = question.exposure
  const part = build.call('modulo', build.call('cityHash64', build.call('toString', unitOf(question))), build.constant(splitParts))
  return {
    ...question,
    from,
    to,
    variants: [],
    excludedVariants: [],
    multipleVariants: 'first_seen',
    maturedOnly: false,
    breakdowns: [],
    exposure: { condition: build.constant(true), variant: build.call('toString', part), ...(realPeople ? { realPeople } : {}) },
  }
}
