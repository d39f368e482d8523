import type { FlagBody } from '@hedgerow/protocol'
import { describe, expect, it } from 'vitest'
import { changeOf, draftOf, emptyFlag, evenShares, filtersOf, isFilled, newFlagOf, newSet, problemsOf } from './flag-form.ts'

const filters: FlagBody['filters'] = {
  groups: [
    {
      properties: [{ key: 'plan', type: 'person', operator: 'exact', value: ['team'] }],
      rollout_percentage: 40,
      variant: 'blue',
      aggregation_group_type_index: null,
      description: 'Those who pay',
    },
    { properties: [], rollout_percentage: 10, aggregation_group_type_index: null },
  ],
  multivariate: {
    variants: [
      { key: 'control', name: null, rollout_percentage: 50 },
      { key: 'blue', name: 'Blue button', rollout_percentage: 50 },
    ],
  },
  payloads: { blue: '{"color":"#00f"}' },
  aggregation_group_type_index: null,
  holdout: { id: 3, exclusion_percentage: 5 },
}
const flag = {
  id: 7,
  key: 'button',
  name: 'The button',
  active: true,
  tags: ['ui'],
  filters,
  version: 4,
  ensure_experience_continuity: false,
  bucketing_identifier: 'distinct_id',
  evaluation_runtime: 'all',
  has_encrypted_payloads: false,
} as unknown as FlagBody

describe('a flag in the form', () => {
  it('comes out as it went in, with what the form does not show', () => {
    expect(filtersOf(draftOf(flag), filters)).toEqual(filters)
    expect(changeOf(draftOf(flag), flag)).toBeUndefined()
  })

  it('says only what was changed, and from which version', () => {
    expect(changeOf({ ...draftOf(flag), active: false }, flag)).toEqual({ active: false, version: 4 })
    const draft = draftOf(flag)
    const change = changeOf({ ...draft, sets: draft.sets.slice(1) }, flag)
    expect(change).toEqual({ filters: { ...filters, groups: filters.groups?.slice(1) }, version: 4 })
  })

  it('turns into one without variants, payload and all', () => {
    const change = changeOf({ ...draftOf(flag), variants: [], payload: ' [1] ' }, flag)
    expect(change?.filters).toMatchObject({ multivariate: null, payloads: { true: '[1]' } })
  })

  it('writes nothing down that was never there', () => {
    const bare = { ...flag, filters: { groups: [{ properties: [], rollout_percentage: 100, aggregation_group_type_index: null }] } }
    const [set] = draftOf(bare).sets
    const change = changeOf({ ...draftOf(bare), sets: [{ ...(set ?? newSet(1)), rollout: 25 }] }, bare)
    expect(change?.filters).toEqual({
      groups: [{ properties: [], rollout_percentage: 25, aggregation_group_type_index: null }],
      aggregation_group_type_index: null,
    })
  })

  it('never sends hidden payloads back', () => {
    const hidden = { ...flag, has_encrypted_payloads: true }
    const change = changeOf({ ...draftOf(hidden), sets: [newSet(1)] }, hidden)
    expect(change?.filters).not.toHaveProperty('payloads')
    expect(change?.filters?.groups).toHaveLength(1)
  })

  it('writes an encrypted payload anew, or not at all', () => {
    const stars = { ...filters, multivariate: null, payloads: { true: '"***"' } }
    const hidden = { ...flag, filters: stars, is_remote_configuration: true, has_encrypted_payloads: true, evaluation_contexts: [] }
    const draft = draftOf(hidden)
    expect(draft).toMatchObject({ payload: '', keepsPayloads: true, isRemote: true, isEncrypted: true })
    expect(changeOf({ ...draft, contexts: ['docs'] }, hidden)).toEqual({ evaluation_contexts: ['docs'], version: 4 })
    expect(problemsOf({ ...draft, keepsPayloads: false })).toMatchObject([{ field: 'payload' }, { field: 'set 1' }])
    const anew = changeOf({ ...draft, keepsPayloads: false, payload: '{"max": 9}' }, hidden)
    expect(anew).toMatchObject({ filters: { payloads: { true: '{"max": 9}' } } })
    expect(changeOf({ ...draft, keepsPayloads: false, isEncrypted: false, payload: '1' }, hidden)).toMatchObject({
      has_encrypted_payloads: false,
      filters: { payloads: { true: '1' } },
    })
  })

  it('names early exit once it was chosen, and takes it back by false', () => {
    const early = changeOf({ ...draftOf(flag), stopsEarly: true }, flag)
    expect(early?.filters?.early_exit).toBe(true)
    const stopping = { ...flag, filters: { ...filters, early_exit: true } }
    expect(changeOf(draftOf(stopping), stopping)).toBeUndefined()
    expect(changeOf({ ...draftOf(stopping), stopsEarly: false }, stopping)?.filters?.early_exit).toBe(false)
  })

  it('aggregates as its sets do, where all do alike', () => {
    const grouped = { ...newSet(1), groupTypeIndex: 2 }
    expect(newFlagOf({ ...emptyFlag, key: 'a', sets: [grouped] }).filters?.aggregation_group_type_index).toBe(2)
    expect(newFlagOf({ ...emptyFlag, key: 'a', sets: [grouped, newSet(2)] }).filters?.aggregation_group_type_index).toBeNull()
  })
})

describe('what is wrong in the form', () => {
  const of = (change: Partial<typeof emptyFlag>) => problemsOf({ ...emptyFlag, key: 'new-flag', ...change }).map(({ field }) => field)
  const variant = (key: string, share: number, payload = '') => ({ key, name: '', share, payload })

  it.each([
    [{}, []],
    [{ key: '' }, ['key']],
    [{ key: 'two words' }, ['key']],
    [{ variants: [variant('a', 50), variant('b', 49.9)] }, ['variants']],
    [{ variants: [variant('a', 33.34), variant('b', 33.33), variant('c', 33.33)] }, []],
    [{ variants: [variant('a', 50), variant('a', 50)] }, ['variants']],
    [{ variants: [variant('a', 100, '{a: 1}')] }, ['payload 0']],
    [{ payload: 'red' }, ['payload']],
    [{ payload: '"red"' }, []],
    [{ sets: [] }, ['sets']],
    [{ sets: [{ ...newSet(2), variant: 'gone' }] }, ['set 2']],
    [{ sets: [{ ...newSet(5), filters: [{ key: 'plan', type: 'person' as const, operator: 'exact' as const, value: [] }] }] }, ['set 5']],
    [{ bucketing: 'device_id' as const, continuity: true }, ['bucketing']],
  ])('%j: %j', (change, fields) => {
    expect(of(change)).toEqual(fields)
  })

  it('knows when a condition can be asked', () => {
    const filter = { key: 'age', type: 'person' as const }
    expect(isFilled({ ...filter, operator: 'between', value: ['1', ''] })).toBe(false)
    expect(isFilled({ ...filter, operator: 'between', value: [1, 2] })).toBe(true)
    expect(isFilled({ ...filter, operator: 'is_set' })).toBe(true)
    expect(isFilled({ ...filter, operator: 'flag_evaluates_to', value: false })).toBe(true)
    expect(isFilled({ ...filter, operator: 'gt', value: '' })).toBe(false)
  })

  it('shares evenly, to exactly 100', () => {
    const shares = evenShares([variant('a', 0), variant('b', 0), variant('c', 0)]).map(({ share }) => share)
    expect(shares).toEqual([34, 33, 33])
  })
})
