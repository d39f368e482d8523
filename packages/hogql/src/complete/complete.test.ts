import { describe, expect, test } from 'vitest'
import { completionAt } from './complete.ts'

const context = { groupTypes: { company: 0 } }
/** The place is where the bar stands. */
const at = (text: string, more: object = {}) => {
  const position = text.indexOf('|')
  return completionAt(text.replace('|', ''), position, { ...context, ...more })
}
const labels = (text: string) => at(text).suggestions.map(({ label }) => label)

describe('completion', () => {
  test.each([
    ['|', ['SELECT', 'WITH'], ['event']],
    ['sel|', ['SELECT'], ['WITH']],
    ['select ev| from events', ['event'], ['events_x', 'ev']],
    ['select coun|', ['count'], ['coun']],
    ['select | from events', ['event', 'properties', 'person', 'company', 'count', 'FROM'], ['is_identified']],
    ['select e.| from events e', ['event', 'person'], ['count', 'FROM']],
    ['select e.person.| from events as e', ['id', 'is_identified', 'properties'], ['event']],
    ['select person.pdi.| from events', ['distinct_id'], ['event']],
    ['select poe.| from events', ['id', 'created_at', 'properties'], ['event']],
    ['select session.$sess| from events', ['$session_duration'], ['$urls']],
    ['select event from |', ['events', 'persons', 'cohort_people'], ['event']],
    ['select event from ev|', ['events'], ['persons']],
    ['select event from events, |', ['persons'], ['event']],
    ['select event from events join |', ['persons'], ['event']],
    ['select event from events |', ['WHERE', 'JOIN'], ['event', 'count']],
    ['select event from events where tim| > 1', ['timestamp'], ['event']],
    ['select event, count() as c from events group by event order by |', ['c', 'event'], []],
    ['with a as (select event, count() as n from events) select | from a', ['event', 'n'], ['properties']],
    ['with a as (select event, count() as n from events) select n from |', ['a', 'events'], []],
    ['select x.| from (select event as name, uuid from events) as x', ['name', 'uuid'], ['properties']],
    ['select * from persons where id in (select | from events)', ['event'], ['is_identified']],
    ['select * from persons where id in (select person_id from events) and | = 1', ['is_identified'], ['event']],
    ['select 1 union all select | from persons', ['is_identified'], ['event']],
    ['select countIf(ev|) from events', ['event'], []],
    ['select {|} from events', ['filters', 'variables'], ['event']],
    ['select 1 where {filters.dateRange.|}', ['from', 'to'], []],
    ["select 'even| from events", [], ['event']],
    ['select 1 -- ev|', [], ['event']],
    ['select `ev| from events', [], []],
    ['select ((((', [], []],
  ])('%s', (text, wanted, unwanted) => {
    const found = labels(text)
    for (const label of wanted) expect(found).toContain(label)
    for (const label of unwanted) expect(found).not.toContain(label)
  })

  test('what only a store knows is asked for', () => {
    expect(at('select properties.$br| from events')).toMatchObject({ prefix: '$br', names: { of: 'properties', scope: 'event' } })
    expect(at('select e.person.properties.| from events e').names).toEqual({ of: 'properties', scope: 'person' })
    expect(at('select company.properties.| from events').names).toEqual({ of: 'properties', scope: 'group', groupTypeIndex: 0 })
    expect(at('select poe.properties.| from events').names).toEqual({ of: 'properties', scope: 'person' })
    expect(at('select 1 from events where person_id in cohort |').names).toEqual({ of: 'cohorts' })
    expect(at('select {variables.|}').names).toEqual({ of: 'variables' })
    expect(at('properties.| = 1', { table: 'events' }).names).toEqual({ of: 'properties', scope: 'event' })
  })

  test('the word that was begun is what is replaced', () => {
    expect(at('select even| from events').replace).toEqual({ start: 7, end: 11 })
    expect(at('select | from events').replace).toEqual({ start: 7, end: 7 })
  })

  test('names that need it are quoted', () => {
    const groups = completionAt('select  from events', 7, { groupTypes: { 'my company': 1 } }).suggestions
    expect(groups.find(({ label }) => label === 'my company')?.insertText).toBe('`my company`')
  })

  test('nothing that is typed, at whatever place, makes it fail', () => {
    const text =
      "with a as (select event, count() as n from events e join persons p on p.id = e.person_id) select a.n, {filters}, 'x' from a where (n > 1"
    for (let cut = 0; cut <= text.length; cut++) {
      for (const place of [0, cut / 2, cut]) expect(() => completionAt(text.slice(0, cut), Math.floor(place), context)).not.toThrow()
    }
  })
})
