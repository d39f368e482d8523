import { describe, expect, it } from 'vitest'
import { comparisonWords, conditionsWords, flagFilterWords, noNames, setWords, stateOf } from './flag-words.ts'

const flag = { active: true, archived: false, status: 'ACTIVE', filters: { groups: [{ rollout_percentage: 50 }] } } as const
const whole = { groups: [{ properties: [], rollout_percentage: 100 }] }

describe('where a flag stands', () => {
  it.each([
    [{}, 'enabled'],
    [{ active: false }, 'disabled'],
    [{ active: false, archived: true }, 'archived'],
    [{ status: 'STALE' as const }, 'stale'],
    [{ filters: whole }, 'everyone'],
    [{ filters: { groups: [{ properties: [] }] } }, 'everyone'],
    [{ filters: { ...whole, multivariate: { variants: [{ key: 'a', rollout_percentage: 100 }] } } }, 'enabled'],
    [{ active: false, filters: whole }, 'disabled'],
  ])('%j is %s', (change, state) => {
    expect(stateOf({ ...flag, filters: { groups: [{ rollout_percentage: 50 }] }, ...change })).toBe(state)
  })
})

describe('conditions in words', () => {
  it('says how many there are', () => {
    expect(conditionsWords({ groups: [] }, noNames)).toBe('nobody')
    expect(conditionsWords({ groups: [{ rollout_percentage: 50 }] }, noNames)).toBe('50 % of everyone')
    expect(conditionsWords({ groups: [{ rollout_percentage: 50 }, {}] }, noNames)).toBe('50 % of everyone; 2 sets')
  })

  it('says whom, by what, and what they get', () => {
    const properties = [
      { key: 'plan', type: 'person' as const, operator: 'exact' as const, value: ['team', 'business'] },
      { key: 'id', type: 'cohort' as const, operator: 'not_in' as const, value: 4 },
    ]
    expect(setWords({ properties, rollout_percentage: 20, variant: 'test' }, noNames)).toBe(
      '20 % of people where plan is team or business and not in cohort 4, always test',
    )
    expect(setWords({ aggregation_group_type_index: 0 }, { ...noNames, groups: new Map([[0, 'company']]) })).toBe('100 % of every company')
    expect(setWords({ aggregation_group_type_index: 3 }, noNames)).toBe('100 % of every group type 3')
  })

  it('names what is still open, and needs no value where there is none', () => {
    expect(flagFilterWords({ key: 'plan', type: 'person', operator: 'exact', value: [] })).toBe('plan is …')
    expect(flagFilterWords({ key: 'plan', type: 'person', operator: 'is_not_set', value: 'x' })).toBe('plan is not set')
    expect(flagFilterWords({ key: '7', type: 'flag', operator: 'flag_evaluates_to', value: false })).toBe('flag #7 answers false')
    const names = { ...noNames, cohorts: new Map([['4', 'Payers']]), flags: new Map([['7', 'new-nav']]) }
    expect(flagFilterWords({ key: '7', type: 'flag', value: 'test' }, names)).toBe('flag new-nav answers test')
    expect(flagFilterWords({ key: 'id', type: 'cohort', operator: 'in', value: 4, cohort_name: 'Old' }, names)).toBe('in cohort Payers')
    expect(comparisonWords('semver_gt')).toBe('is a later version than')
    expect(comparisonWords('icontains')).toBe('contains')
  })
})
