import { describe, expect, test } from 'vitest'
import { activate, addTab, changeTab, closeTab, firstQuery, isUnsaved, newTab, openText, readTabs, tabName } from './sql-tabs.ts'

describe('tabs of the SQL page', () => {
  const two = addTab(readTabs(undefined, 'a'), newTab('b', { text: 'SELECT 1' }))

  test('begin with an example and are read back as they were kept', () => {
    expect(readTabs(undefined, 'a')).toMatchObject({ activeId: 'a', tabs: [{ text: firstQuery }] })
    expect(readTabs(JSON.parse(JSON.stringify(two)), 'x')).toEqual(two)
  })

  test('survive what somebody else wrote into the storage', () => {
    for (const kept of [null, 7, 'text', { tabs: 'no' }, { tabs: [null, { id: 3 }, { id: 'a' }] }, { tabs: [], activeId: 'gone' }])
      expect(readTabs(kept, 'fresh').tabs).toEqual([newTab('fresh', { text: firstQuery })])
    expect(readTabs({ tabs: [{ id: 'a', text: 'x', view: 'evil', chart: { shape: 3 } }], activeId: 'gone' }, 'f')).toEqual({
      activeId: 'a',
      tabs: [newTab('a', { text: 'x' })],
    })
  })

  test('closing the active one shows its neighbour; the last one leaves an empty one', () => {
    expect(closeTab(two, 'b', 'f').activeId).toBe('a')
    expect(closeTab(activate(two, 'a'), 'a', 'f').activeId).toBe('b')
    expect(closeTab(closeTab(two, 'b', 'f'), 'a', 'f')).toEqual({ activeId: 'f', tabs: [newTab('f')] })
    expect(closeTab(two, 'unknown', 'f')).toBe(two)
  })

  test('a text is opened where it is, else in an untouched tab, else in a new one', () => {
    expect(openText(two, ' SELECT 1 ', 'f')).toMatchObject({ activeId: 'b', tabs: { length: 2 } })
    expect(openText(two, 'SELECT 2', 'f')).toMatchObject({ activeId: 'f', tabs: [{ id: 'f', text: 'SELECT 2' }, { id: 'b' }] })
    const full = changeTab(two, 'a', { text: 'SELECT 3' })
    expect(openText(full, 'SELECT 2', 'f')).toMatchObject({ activeId: 'f', tabs: { length: 3 } })
    const saved = { id: 1, shortId: 'abc', text: 'SELECT 2' }
    const opened = openText(full, 'SELECT 2', 'f', { saved, name: 'Two' })
    expect(openText(changeTab(opened, 'f', { text: 'SELECT 22' }), 'SELECT 2', 'g', { saved })).toMatchObject({
      activeId: 'f',
      tabs: { length: 3 },
    })
  })

  test('never become more than a browser can keep', () => {
    let state = two
    for (let index = 0; index < 60; index++) state = addTab(state, newTab(`t${index}`))
    expect(state.tabs.length).toBe(40)
    expect(state.activeId).toBe('t59')
  })

  test('are called after what they ask', () => {
    expect(tabName(newTab('a'))).toBe('New query')
    expect(tabName(newTab('a', { text: '-- note\nselect count()\nfrom events' }))).toBe('count() … events')
    expect(tabName(newTab('a', { text: 'SELECT 1', name: 'One' }))).toBe('One')
    expect(tabName(newTab('a', { text: 'SELECT toStartOfDay(timestamp) AS day FROM events' }))).toBe('toStartOfDay … events')
    expect(tabName(newTab('a', { text: 'SELECT concat(a, b) FROM events' }))).toBe('concat … events')
    expect(tabName(newTab('a', { text: 'SELECT properties.$current_url FROM events' }))).toBe('properties … events')
    expect(tabName(newTab('a', { text: 'SELECT 1 AS one, 2 AS somewhat_longer' }))).toBe('SELECT 1 AS one, 2 AS')
  })

  test('tell when they differ from what was saved', () => {
    const saved = { id: 1, shortId: 'abc', text: 'SELECT 1' }
    expect(isUnsaved(newTab('a', { text: 'SELECT 1', saved }))).toBe(false)
    expect(isUnsaved(newTab('a', { text: 'SELECT 2', saved }))).toBe(true)
    expect(isUnsaved(newTab('a', { text: 'SELECT 2' }))).toBe(false)
  })
})
