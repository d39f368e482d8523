import { newAction } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { newStep, offeredParts, parts, partsOf, stepOfElement, stepProblems, stepWords, withPart } from './steps.ts'

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

test.each([
  [{ event: '$autocapture' }, ['text', 'selector', 'href', 'tag_name', 'url']],
  [{}, ['text', 'selector', 'href', 'tag_name', 'url']],
  [{ event: 'paid' }, ['url']],
  [{ event: 'paid', text: 'Buy' }, ['text', 'url']],
])('a step of %j can be asked for %j', (step, names) => {
  expect(partsOf(step).map(({ name }) => name)).toEqual(names)
})

test('a step is told in words', () => {
  expect(stepWords({ event: 'paid', url: '/x', url_matching: 'contains', properties: [{ key: 'plan' }] })).toBe(
    'paid, page url contains “/x”, with plan',
  )
  expect(stepWords({})).toBe('Any event')
})

test('an element that was chosen becomes a step, and the rest of it is offered', () => {
  const choice = {
    key: '',
    tag: 'button',
    text: 'Buy',
    href: undefined,
    selector: '[data-attr="buy"]',
    isSteady: true,
    events: 1,
    url: undefined,
  }
  const before = { event: 'bought', url: '/shop', url_matching: 'contains' as const, text: 'Old', text_matching: 'regex' as const }
  const steady = stepOfElement(before, choice)
  expect(steady).toMatchObject({ event: '$autocapture', url: '/shop', selector: '[data-attr="buy"]', text: null, text_matching: null })
  expect(offeredParts(steady, choice)).toEqual([
    { name: 'text', value: 'Buy' },
    { name: 'tag_name', value: 'button' },
  ])
  expect(stepOfElement(before, { ...choice, isSteady: false })).toMatchObject({
    text: 'Buy',
    text_matching: 'exact',
    tag_name: 'button',
    selector: null,
  })
  expect(stepOfElement(before, { ...choice, isSteady: false, text: undefined })).toMatchObject({
    selector: '[data-attr="buy"]',
    tag_name: 'button',
  })
})
