import { rejectionReasons, warningReasons } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { reasonCounts, reasonText } from './reasons.ts'

test.each([...rejectionReasons, ...warningReasons])('%s has a title, a meaning and an advice of its own', (reason) => {
  const { title, means, doThis } = reasonText(reason)
  expect(title).not.toBe(reason.replaceAll('_', ' '))
  for (const text of [means, doThis]) expect(text).toMatch(/^[A-Z].{30,}[.]$/s)
})

test('no two reasons are told by the same words', () => {
  const titles = [...rejectionReasons, ...warningReasons].map((reason) => reasonText(reason).title)
  expect(new Set(titles).size).toBe(titles.length)
})

test('a reason of a newer server is shown by its name', () => {
  expect(reasonText('eaten_by_goat').title).toBe('eaten by goat')
  expect(reasonText('constructor').title).toBe('constructor')
})

test('the most frequent come first, and what never occurred is not there', () => {
  expect(reasonCounts({ bot: 3, event_too_large: 12, invalid_group: 0 })).toEqual([
    { reason: 'event_too_large', count: 12, share: 1 },
    { reason: 'bot', count: 3, share: 0.25 },
  ])
  expect(reasonCounts({})).toEqual([])
})
