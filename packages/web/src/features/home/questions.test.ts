import { expect, test } from 'vitest'
import { problemsOf } from '../../query-model/kinds.ts'
import { queryText, questionAt } from '../../query-model/query-url.ts'
import { firstSteps, homeCourse, homeFigures } from './questions.ts'

const plain = { test_account_filters: [] }
const untouched = { ...plain, test_account_filters_default_checked: false }
const known = { test_account_filters: [{ type: 'person' as const, key: 'email', operator: 'not_icontains' as const, value: '@x.example' }] }

test('each figure is a question that can be opened as it was asked', () => {
  for (const query of [...homeFigures(plain).map((figure) => figure.query), homeCourse(plain)]) {
    expect(JSON.parse(queryText(questionAt({ q: queryText(query) }, undefined, untouched)))).toEqual(query)
    expect(problemsOf(query)).toEqual([])
  }
})

test('test accounts are left out where the project knows them', () => {
  expect(homeFigures(plain).map(({ query }) => query.filterTestAccounts)).toEqual([undefined, undefined, undefined])
  expect(homeFigures(known).every(({ query }) => query.filterTestAccounts === true)).toBe(true)
  expect(homeCourse(known).filterTestAccounts).toBe(true)
})

test('a first step is done when there is what it makes', () => {
  const done = (there: Parameters<typeof firstSteps>[0]) => firstSteps(there).map(({ isDone }) => isDone)
  expect(done({ hasEvents: false, insights: 0, dashboards: 0 })).toEqual([false, false, false])
  expect(done({ hasEvents: true, insights: 2, dashboards: 0 })).toEqual([true, true, false])
})
