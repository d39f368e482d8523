import * as fc from 'fast-check'

/**
 * The same random cases in every run, so that a change is judged by what it changes. `HEDGEROW_TEST_SEED=random` looks for others, a number
 * plays those of a run that failed.
 */
const given = process.env.HEDGEROW_TEST_SEED
if (given !== 'random') fc.configureGlobal({ seed: given === undefined ? 20_261_122 : Number(given) })
