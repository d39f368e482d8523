import { describe, expect, test } from 'vitest'
import { type DraftOptions, makeDraft } from '../steps/event-draft.fixture.ts'
import { initialProperties, type Properties, updateProperties } from './person-updates.ts'

interface Case extends DraftOptions {
  says: string
  before: Properties
  after: Properties | undefined
}

const cases: Case[] = [
  { says: '$set overwrites', before: { a: 1 }, properties: { $set: { a: 2 } }, after: { a: 2 } },
  { says: '$set of the same changes nothing', before: { a: { b: [1] } }, properties: { $set: { a: { b: [1] } } }, after: undefined },
  { says: '$set at the root wins over properties', before: {}, properties: { $set: { a: 1, b: 1 } }, set: { a: 2 }, after: { a: 2, b: 1 } },
  { says: '$set_once only where there is nothing', before: { a: 1 }, properties: { $set_once: { a: 2, b: 2 } }, after: { a: 1, b: 2 } },
  { says: '$set_once keeps null', before: { a: null }, properties: { $set_once: { a: 2 } }, after: undefined },
  { says: '$set wins over $set_once', before: {}, properties: { $set: { a: 1 }, $set_once: { a: 2 } }, after: { a: 1 } },
  { says: '$unset as a list', before: { a: 1, b: 2 }, properties: { $unset: ['a', 'x'] }, after: { b: 2 } },
  { says: '$unset as an object', before: { a: 1, b: 2 }, properties: { $unset: { a: '' } }, after: { b: 2 } },
  { says: '$unset at the root', before: { a: 1 }, unset: ['a'], after: {} },
  { says: '$unset comes last', before: {}, properties: { $set: { a: 1 }, $unset: ['a'] }, after: {} },
  {
    says: 'campaign parameters go to the person, the first ones for good',
    before: { utm_source: 'x', $initial_utm_source: 'x' },
    properties: { utm_source: 'y' },
    after: { utm_source: 'y', $initial_utm_source: 'x' },
  },
  {
    says: 'a page view alone is not worth a write',
    before: { $browser: 'A', $initial_browser: 'A', $current_url: '/', $initial_current_url: '/' },
    properties: { $browser: 'B', $current_url: '/next' },
    after: undefined,
  },
  {
    says: 'but is taken along with what is',
    before: { $current_url: '/', $initial_current_url: '/' },
    properties: { $current_url: '/next', $set: { plan: 'pro' } },
    after: { $current_url: '/next', $initial_current_url: '/', plan: 'pro' },
  },
  {
    says: 'and by an $identify',
    event: '$identify',
    before: { $current_url: '/', $initial_current_url: '/' },
    properties: { $current_url: '/next' },
    after: { $current_url: '/next', $initial_current_url: '/' },
  },
  {
    says: 'explicit initial values win over automatic ones',
    before: {},
    properties: { $browser: 'B', $set_once: { $initial_browser: 'A' } },
    after: { $browser: 'B', $initial_browser: 'A' },
  },
  {
    says: 'explicit values win over automatic ones',
    before: {},
    properties: { $browser: 'B', $set: { $browser: 'mine' } },
    after: { $browser: 'mine', $initial_browser: 'B' },
  },
  {
    says: '$os_name stands for $os',
    before: {},
    properties: { $os_name: 'iOS' },
    after: { $os_name: 'iOS', $initial_os_name: 'iOS', $os: 'iOS', $initial_os: 'iOS' },
  },
  {
    says: "a server's own system is not the person's",
    before: {},
    properties: { $lib: 'posthog-python', $os: 'Linux', $os_version: '6', $app_version: '2' },
    after: { $app_version: '2', $initial_app_version: '2' },
  },
  {
    says: '$groupidentify says nothing of the person',
    event: '$groupidentify',
    before: {},
    properties: { $browser: 'A' },
    after: undefined,
  },
  {
    says: '$exception changes no person',
    event: '$exception',
    before: {},
    properties: { $browser: 'A', $set: { a: 1 } },
    after: undefined,
  },
  { says: 'names of object methods are names', before: {}, properties: { $set_once: { constructor: 1 } }, after: { constructor: 1 } },
]

describe('a person after an event', () => {
  test.each(cases)('$says', ({ says: _says, before, after, ...options }) => {
    const given = structuredClone(before)
    expect(updateProperties(given, makeDraft(options))).toEqual(after)
    expect(given).toEqual(before)
  })

  test('"__proto__" is a name like any other', () => {
    const draft = makeDraft({ properties: JSON.parse('{"$set":{"__proto__":{"x":1}}}') })
    expect(JSON.stringify(updateProperties({}, draft))).toBe('{"__proto__":{"x":1}}')
  })

  test('a survey that was shown leaves its date', () => {
    const draft = makeDraft({ event: 'survey shown' })
    draft.timestampMs = Date.UTC(2026, 0, 1)
    expect(updateProperties({}, draft)).toEqual({ $survey_last_seen_date: '2026-01-01T00:00:00.000Z' })
  })

  test('a place replaces the whole of an earlier place', () => {
    const draft = makeDraft({ event: '$set' })
    draft.geoSet = { city_name: null, country_code: 'NP' }
    const before = {
      $geoip_city_name: 'Oslo',
      $geoip_country_code: 'NO',
      $initial_geoip_city_name: 'Oslo',
      $initial_geoip_country_code: 'NO',
    }
    expect(updateProperties(before, draft)).toEqual({ ...before, $geoip_city_name: null, $geoip_country_code: 'NP' })
  })
})

test('a new person begins with what its first event says, and knows which one it was', () => {
  const draft = makeDraft({ properties: { $browser: 'A', $set: { a: 1 }, $set_once: { b: 2 } } })
  expect(initialProperties(draft)).toEqual({ $browser: 'A', $initial_browser: 'A', a: 1, b: 2, $creator_event_uuid: draft.uuid })
})
