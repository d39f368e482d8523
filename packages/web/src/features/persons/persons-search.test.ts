import { expect, test } from 'vitest'
import { askedFilters, columnsOf, criteriaFor, filtersOf, peopleQuery } from './persons-search.ts'

const plan = { type: 'person', key: 'plan', operator: 'exact', value: ['team'] }
const where = JSON.stringify([plan])

test('what an address holds is read, and nonsense passed over', () => {
  expect(filtersOf({ where })).toEqual([plan])
  expect(columnsOf({ columns: '["plan","plan",1,"$os"]' })).toEqual(['plan', '$os'])
  for (const text of ['{', '1', 'null', '{"a":1}', '[1,null]', undefined]) {
    expect(filtersOf({ where: text })).toEqual([])
    expect(columnsOf({ columns: text === '[1,null]' ? undefined : text })).toEqual([])
  }
})

test('a filter that is still being made is not asked', () => {
  expect(askedFilters({ where: JSON.stringify([plan, { type: 'person', key: 'seats', operator: 'exact' }]) })).toEqual([plan])
})

test('a list of people as a question, and as criteria where that is possible', () => {
  expect(peopleQuery({ where, q: 'ada', identified: 'no' })).toEqual({
    kind: 'ActorsQuery',
    select: ['id'],
    search: 'ada',
    properties: [plan, { type: 'hogql', key: 'not is_identified' }],
  })
  expect(criteriaFor({ where: JSON.stringify([plan, { type: 'cohort', key: 'id', operator: 'not_in', value: 3 }]) })).toEqual({
    properties: {
      type: 'AND',
      values: [
        {
          type: 'AND',
          values: [
            { type: 'person', key: 'plan', operator: 'exact', value: ['team'], negation: false },
            { type: 'cohort', key: 'id', value: 3, negation: true },
          ],
        },
      ],
    },
  })
  for (const search of [{}, { where, q: 'ada' }, { where, identified: 'yes' as const }]) expect(criteriaFor(search)).toBe(undefined)
})
