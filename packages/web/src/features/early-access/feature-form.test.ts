import { describe, expect, test } from 'vitest'
import { emptyFeature, featureDraft, featureFields, featureProblems } from './feature-form.ts'

const draft = { ...emptyFeature, name: 'New editor' }

describe('a feature as it is written', () => {
  test.each([
    ['without a name', { name: '  ' }, ['name']],
    ['with an address that is none', { documentationUrl: 'docs.example.com' }, ['documentationUrl']],
    ['with a script for an address', { documentationUrl: 'javascript:alert(1)' }, ['documentationUrl']],
    ['with JSON that is none', { payload: '{a: 1}' }, ['payload']],
    ['as it should be', { documentationUrl: 'https://docs.example.com/x', payload: '{"a": 1}' }, []],
  ])('%s', (_, change, fields) => {
    expect(featureProblems({ ...draft, ...change }).map(({ field }) => field)).toEqual(fields)
  })

  test('comes back as it was stored', () => {
    const stored = { ...featureFields({ ...draft, stage: 'beta', payload: '{"a": 1}' }), id: 'x', feature_flag: null, created_at: '' }
    expect(stored).toMatchObject({ name: 'New editor', stage: 'beta', payload: { a: 1 } })
    expect(featureFields(featureDraft(stored))).toEqual(featureFields({ ...draft, stage: 'beta', payload: '{"a": 1}' }))
    expect(featureDraft({ ...stored, payload: {} }).payload).toBe('')
  })
})
