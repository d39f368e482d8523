import { expect, test } from 'vitest'
import { experimentsOf } from './experiments-of.ts'

const experiment = {
  id: 1,
  name: 'Prices',
  status: 'running' as const,
  feature_flag_key: 'prices',
  start_date: '2026-03-01T00:00:00Z',
  end_date: null,
}
const seen = (variant: string, first = '2026-03-02T00:00:00Z', times = 2) => ['prices', variant, first, times]

test('an experiment is told with the variant that somebody got, and since when', () => {
  expect(experimentsOf([experiment, { ...experiment, id: 2, feature_flag_key: 'other' }], [seen('annual')])).toEqual([
    {
      id: 1,
      name: 'Prices',
      status: 'running',
      variants: [{ key: 'annual', firstAt: '2026-03-02T00:00:00Z', times: 2 }],
      doubt: undefined,
    },
  ])
})

test('those that began last come first', () => {
  const older = { ...experiment, id: 2, start_date: '2026-01-01T00:00:00Z' }
  expect(experimentsOf([older, experiment], [seen('annual')]).map(({ id }) => id)).toEqual([1, 2])
})

test.each([
  ['several variants', experiment, [seen('annual'), seen('control')], 'Several variants'],
  ['a variant and a false', experiment, [seen('annual'), seen('false')], undefined],
  ['no variant', experiment, [seen('false')], 'outside its rollout'],
  ['a draft', { ...experiment, start_date: null }, [seen('annual')], 'not launched'],
  ['after the end', { ...experiment, end_date: '2026-03-01T12:00:00Z' }, [seen('annual')], 'after its end'],
])('what keeps somebody out is said: %s', (_, known, rows, doubt) => {
  const [found] = experimentsOf([known], rows)
  if (doubt === undefined) expect(found?.doubt).toBeUndefined()
  else expect(found?.doubt).toContain(doubt)
})
