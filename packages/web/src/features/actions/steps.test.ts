import { newAction } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { newStep, parts, stepProblems, stepWords, withPart } from './steps.ts'

test('each part is taken by the API, with how it is compared', () => {
  let step = newStep()
  for (const part of parts) step = withPart(step, part, 'x')
  expect(step).toMatchObject({ text: 'x', text_matching: 'exact', url: 'x', url_matching: 'contains', selector: 'x' })
  expect(newAction.safeParse({ name: 'a', steps: [step] }).success).toBe(true)
})

test('an emptied part leaves nothing behind', () => {
  const [text] = parts
  expect(withPart(withPart(newStep(), text, 'x'), text, '')).toMatchObject({ text: null, text_matching: null })
})

test('a step that would match everything, or nothing, is told', () => {
  expect(stepProblems({})).toHaveLength(1)
  expect(stepProblems({ event: 'paid', text: 'Buy' })).toHaveLength(1)
  expect(stepProblems({ event: '$autocapture', text: 'Buy' })).toEqual([])
  expect(stepProblems({ url: '/x' })).toEqual([])
})

test('a step is told in words', () => {
  expect(stepWords({ event: 'paid', url: '/x', url_matching: 'contains', properties: [{ key: 'plan' }] })).toBe(
    'paid, page url contains “/x”, with plan',
  )
  expect(stepWords({})).toBe('Any event')
})
