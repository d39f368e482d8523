import { readFileSync } from 'node:fs'
import { createParser } from '@hedgerow/hogql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { experimentSums } from '../experiments/experiment-sums.ts'
import { readProjectFacts } from '../project-facts.ts'
import { openQueryStores, type QueryStores } from '../query-test-stores.ts'
import type { GoldenEvent } from './golden-case.fixture.ts'
import { setUpGolden } from './set-up.fixture.ts'

interface Vector {
  id: string
  input: {
    experiment: {
      name: string
      flag_key: string
      variants: { key: string }[]
      start_date: string
      end_date: string | null
      exposure_criteria?: unknown
      holdout_id?: number
      aggregation_group_type_index?: number
      only_count_matured_users?: boolean
    }
    metric?: unknown
    events: GoldenEvent[]
    as_of?: string
    exposure_event_in_use?: string
    test_account_distinct_ids?: string[]
    person_of?: Record<string, string>
  }
  expect: { total_exposures?: Record<string, number>; variants?: Record<string, Record<string, unknown>> }
}

const vectors = JSON.parse(readFileSync(new URL('./experiments.json', import.meta.url), 'utf8')) as Vector[]
let stores: QueryStores

beforeAll(async () => {
  stores = await openQueryStores()
})
afterAll(() => stores?.close())

/** The people of a vector: each distinct id its own, but where it says otherwise. */
function persons({ events, person_of: owners = {}, test_account_distinct_ids: staff = [] }: Vector['input']) {
  const byPerson = new Map<string, string[]>()
  for (const id of new Set(events.map((event) => event.distinct_id))) {
    const owner = owners[id] ?? id
    byPerson.set(owner, [...(byPerson.get(owner) ?? []), id])
  }
  return [...byPerson.values()].map((ids) => ({ distinct_ids: ids, properties: { is_staff: staff.includes(ids[0] ?? '') ? 'yes' : 'no' } }))
}

async function played({ input }: Vector, projectId: number) {
  const { experiment } = input
  await setUpGolden(stores, projectId, {
    persons: persons(input),
    events: input.events,
    team: { test_account_filters: [{ type: 'person', key: 'is_staff', operator: 'is_not', value: 'yes' }] },
  })
  const facts = await readProjectFacts(stores, projectId)
  const now = new Date(input.as_of ?? experiment.end_date ?? Date.now())
  const longAfter = input.as_of ? now : new Date(now.getTime() + 400 * 86_400_000)
  return experimentSums(
    { stores, facts, parser: await createParser(), now: longAfter, timings: [], modifiers: {} },
    {
      name: experiment.name,
      flagKey: experiment.flag_key,
      variants: experiment.variants.map(({ key }) => key),
      startedAt: new Date(experiment.start_date),
      ...(experiment.end_date ? { endedAt: new Date(experiment.end_date) } : {}),
      exposureCriteria: experiment.exposure_criteria,
      ...(experiment.holdout_id === undefined ? {} : { holdoutId: experiment.holdout_id }),
      ...(experiment.aggregation_group_type_index === undefined ? {} : { groupTypeIndex: experiment.aggregation_group_type_index }),
      onlyCountMaturedUsers: experiment.only_count_matured_users === true,
      ...(input.exposure_event_in_use === undefined ? {} : { exposureEvent: input.exposure_event_in_use }),
    },
    input.metric ? [input.metric] : [],
  )
}

describe('from events to sums', () => {
  test.each(vectors.map((vector, i) => [vector.id, vector, i + 1] as const))('%s', async (_, vector, projectId) => {
    const { variants } = await played(vector, projectId)
    const wanted = vector.expect
    if (wanted.total_exposures) {
      const found = variants.filter(({ exposures }) => exposures > 0).map(({ variant, exposures }) => [variant, exposures])
      expect(Object.fromEntries(found)).toEqual(wanted.total_exposures)
    }
    for (const [key, sums] of Object.entries(wanted.variants ?? {})) {
      const [metric] = variants.find(({ variant }) => variant === key)?.metrics ?? []
      const shown: Record<string, unknown> = {
        number_of_samples: metric?.numberOfSamples,
        sum: metric?.sum,
        sum_squares: metric?.sumSquares,
        denominator_sum: metric?.denominatorSum,
        denominator_sum_squares: metric?.denominatorSumSquares,
        numerator_denominator_sum_product: metric?.sumProduct,
        covariate_sum: metric?.covariateSum,
        covariate_sum_squares: metric?.covariateSumSquares,
        covariate_sum_product: metric?.covariateSumProduct,
        step_counts: metric?.stepCounts,
      }
      expect(Object.fromEntries(Object.keys(sums).map((name) => [name, shown[name]])), key).toEqual(sums)
    }
  })
})
