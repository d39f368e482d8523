import { describe, expect, test } from 'vitest'
import { addGeoip } from './add-geoip.ts'
import { addIp } from './add-ip.ts'
import { anonymizeIp } from './anonymize-ip.ts'
import { choosePersonMode, cookielessDistinctId } from './choose-person-mode.ts'
import { cleanProperties } from './clean-properties.ts'
import { runStep } from './event-draft.fixture.ts'
import { extractElements } from './extract-elements.ts'
import { limitNames } from './limit-names.ts'
import { readSession } from './read-session.ts'
import { refuseBots } from './refuse-bots.ts'
import { refuseNonEvents } from './refuse-non-events.ts'
import { replaceInvalidText } from './replace-invalid-text.ts'

const crawler = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36'

describe('refuse-bots', () => {
  test.each([
    { says: 'its own user agent is a crawler', properties: { $raw_user_agent: crawler }, refused: true },
    {
      says: 'its own user agent is a browser, though the request was a crawler',
      properties: { $raw_user_agent: browser },
      userAgent: crawler,
    },
    { says: 'a browser SDK sent it as a crawler', properties: { $lib: 'web' }, userAgent: crawler, refused: true },
    { says: 'a server SDK sent it', properties: { $lib: 'posthog-node' }, userAgent: 'posthog-node/5.0.0' },
    { says: 'nothing is known', properties: {} },
  ])('where the project drops bots: $says', ({ properties, userAgent, refused }) => {
    const entry = userAgent === undefined ? {} : { userAgent }
    const { rejection } = runStep(refuseBots, { properties, settings: { dropBots: true }, entry })
    expect(rejection?.reason).toBe(refused ? 'bot' : undefined)
  })

  test('keeps bots unless the project drops them', () => {
    expect(runStep(refuseBots, { properties: { $raw_user_agent: crawler } }).rejection).toBeUndefined()
  })
})

test.each([
  ['$$client_ingestion_warning', 'client_ingestion_warning'],
  ['$$heatmap', 'heatmap_not_stored'],
  ['$snapshot', 'snapshot_not_stored'],
  ['$performance_event', 'snapshot_not_stored'],
  ['$pageview', undefined],
  ['$exception', undefined],
])('refuse-non-events: %s → %s', (event, reason) => {
  expect(runStep(refuseNonEvents, { event }).rejection?.reason).toBe(reason)
})

test('refuse-non-events keeps what the client warned of', () => {
  const properties = { $$client_ingestion_warning_message: 'posthog.identify was called too often' }
  expect(runStep(refuseNonEvents, { event: '$$client_ingestion_warning', properties }).rejection?.detail).toBe(
    'posthog.identify was called too often',
  )
})

describe('replace-invalid-text', () => {
  test('replaces NUL and lone surrogates everywhere, and whole emojis nowhere', () => {
    const { draft, warnings } = runStep(replaceInvalidText, {
      event: 'a\u0000b',
      distinctId: '\ud83dx',
      properties: { 'k\u0000': ['\udc00', { deep: 'ok 😀' }], n: 1, nothing: null, $set: { name: '\u0000' } },
      setOnce: { 'x\ud800': 'y' },
      unset: ['\u0000'],
      entry: { mayHoldInvalidText: true },
    })
    expect(draft.event).toBe('a\ufffdb')
    expect(draft.distinctId).toBe('\ufffdx')
    expect(draft.properties).toEqual({ 'k\ufffd': ['\ufffd', { deep: 'ok 😀' }], n: 1, nothing: null, $set: { name: '\ufffd' } })
    expect(draft.set).toEqual({ name: '\ufffd' })
    expect(draft.setOnce).toEqual({ 'x\ufffd': 'y' })
    expect(draft.unset).toEqual(['\ufffd'])
    expect(warnings).toEqual(['invalid_unicode_replaced'])
  })

  test('warns of nothing where the entry only looked suspicious', () => {
    const { warnings } = runStep(replaceInvalidText, { properties: { emoji: '😀' }, entry: { mayHoldInvalidText: true } })
    expect(warnings).toEqual([])
  })
})

describe('limit-names', () => {
  test('trims ids and cuts what is too long, never through a surrogate pair', () => {
    const { draft, warnings } = runStep(limitNames, { event: 'e'.repeat(300), distinctId: ` ${'d'.repeat(199)}😀 ` })
    expect(draft.event).toBe('e'.repeat(200))
    expect(draft.distinctId).toBe('d'.repeat(199))
    expect(warnings).toEqual(['event_name_truncated', 'distinct_id_truncated'])
  })

  test('leaves 200 characters as they are', () => {
    const { draft, warnings } = runStep(limitNames, { event: 'e'.repeat(200), distinctId: 'd'.repeat(200) })
    expect([draft.event.length, draft.distinctId.length, warnings.length]).toEqual([200, 200, 0])
  })

  test('refuses a blank distinct id and an empty name', () => {
    expect(runStep(limitNames, { distinctId: ' \t' }).rejection?.reason).toBe('invalid_distinct_id')
    expect(runStep(limitNames, { event: '' }).rejection?.reason).toBe('invalid_event_name')
  })
})

describe('choose-person-mode', () => {
  test.each([
    [undefined, true],
    [true, true],
    [false, false],
    ['false', true],
    [0, true],
  ])('$process_person_profile %s → processes the person: %s', (asked, processes) => {
    const properties = asked === undefined ? {} : { $process_person_profile: asked }
    expect(runStep(choosePersonMode, { properties }).draft.processesPerson).toBe(processes)
  })

  test('a personless event loses its person updates', () => {
    const properties = { $process_person_profile: false, $set: { a: 1 }, $set_once: { b: 1 }, $unset: ['c'], plan: 'pro' }
    const { draft } = runStep(choosePersonMode, { properties, set: { d: 1 } })
    expect(draft.properties).toEqual({ $process_person_profile: false, plan: 'pro' })
    expect([draft.set, draft.setOnce, draft.unset]).toEqual([undefined, undefined, undefined])
  })

  test('a personless $groupidentify goes on: groups are not persons', () => {
    const { draft, rejection } = runStep(choosePersonMode, { event: '$groupidentify', properties: { $process_person_profile: false } })
    expect(rejection).toBeUndefined()
    expect(draft.processesPerson).toBe(false)
  })

  test.each(['$identify', '$create_alias', '$merge_dangerously'])('a personless %s is refused', (event) => {
    const { rejection } = runStep(choosePersonMode, { event, properties: { $process_person_profile: false } })
    expect(rejection?.reason).toBe('person_processing_disabled')
  })

  test.each(['system', 'Anonymous-User', 'null', '00000000-0000-0000-0000-000000000000'])(
    '%s through capture v1 is personless',
    (distinctId) => {
      const entry = { endpoint: '/i/v1/analytics/events' }
      expect(runStep(choosePersonMode, { distinctId, entry, properties: { $process_person_profile: true } }).draft.processesPerson).toBe(
        false,
      )
      expect(runStep(choosePersonMode, { distinctId }).draft.processesPerson).toBe(true)
    },
  )

  test('visitors without cookies are told apart by the day and never become a person', () => {
    const visit = (ip: string, day = 0) =>
      runStep(choosePersonMode, {
        distinctId: cookielessDistinctId,
        properties: { $host: 'example.com', $process_person_profile: true },
        entry: { ip, userAgent: browser, receivedAtMs: Date.UTC(2026, 0, 1 + day) },
      }).draft
    expect(visit('1.1.1.1').processesPerson).toBe(false)
    expect(visit('1.1.1.1').distinctId).toBe(visit('1.1.1.1').distinctId)
    expect(visit('1.1.1.1').distinctId).not.toBe(visit('1.1.1.2').distinctId)
    expect(visit('1.1.1.1').distinctId).not.toBe(visit('1.1.1.1', 1).distinctId)
    expect(visit('1.1.1.1').properties.$device_id).toBe(visit('1.1.1.1').distinctId)
  })
})

describe('add-ip and anonymize-ip', () => {
  test.each([
    { says: 'the client address', properties: {}, ip: '1.2.3.4', expected: { $ip: '1.2.3.4' } },
    { says: 'the event has its own', properties: { $ip: '9.9.9.9' }, ip: '1.2.3.4', expected: { $ip: '9.9.9.9' } },
    { says: 'the event keeps it blank', properties: { $ip: null }, ip: '1.2.3.4', expected: { $ip: null } },
    { says: 'none is known', properties: {}, expected: {} },
    {
      says: 'captured inside',
      properties: { capture_internal: true },
      ip: '1.2.3.4',
      expected: { capture_internal: true, $ip: '127.0.0.1' },
    },
  ])('$says', ({ properties, ip, expected }) => {
    expect(runStep(addIp, { properties, entry: ip === undefined ? {} : { ip } }).draft.properties).toEqual(expected)
  })

  test('the project keeps no addresses', () => {
    expect(runStep(anonymizeIp, { properties: { $ip: '1.2.3.4', a: 1 }, settings: { anonymizeIps: true } }).draft.properties).toEqual({
      a: 1,
    })
    expect(runStep(anonymizeIp, { properties: { $ip: '1.2.3.4' } }).draft.properties).toEqual({ $ip: '1.2.3.4' })
  })
})

describe('add-geoip', () => {
  const geo = { find: (ip: string) => (ip === '1.2.3.4' ? { city_name: 'Kathmandu', country_code: 'NP', city_confidence: 90 } : undefined) }

  test('puts the place onto the event, and onto the person with null for what is unknown', () => {
    const { draft } = runStep(addGeoip, { properties: { $ip: '1.2.3.4' } }, { geo })
    expect(draft.properties).toEqual({ $ip: '1.2.3.4', $geoip_city_name: 'Kathmandu', $geoip_country_code: 'NP' })
    expect(draft.geoSet).toMatchObject({
      city_name: 'Kathmandu',
      country_code: 'NP',
      city_confidence: 90,
      postal_code: null,
      subdivision_3_code: null,
    })
  })

  test.each([{ $ip: '1.2.3.4', $geoip_disable: true }, { $ip: '4.3.2.1' }, {}, { $ip: null }, { $ip: 'nonsense' }])(
    'nothing for %j',
    (properties) => {
      const { draft } = runStep(addGeoip, { properties: { ...properties } }, { geo })
      expect(draft.properties).toEqual(properties)
      expect(draft.geoSet).toBeUndefined()
    },
  )
})

describe('extract-elements', () => {
  test('a chain goes to its column', () => {
    const { draft } = runStep(extractElements, { properties: { $elements_chain: 'a:href="/"', $event_type: 'click' } })
    expect(draft.elementsChain).toBe('a:href="/"')
    expect(draft.properties).toEqual({ $event_type: 'click' })
  })

  test('a list becomes a chain; the chain wins where both are sent', () => {
    const $elements = [{ tag_name: 'button', $el_text: 'Buy' }]
    expect(runStep(extractElements, { properties: { $elements } }).draft.elementsChain).toBe(
      'button:nth-child="0"nth-of-type="0"text="Buy"',
    )
    expect(runStep(extractElements, { properties: { $elements, $elements_chain: 'b:' } }).draft.elementsChain).toBe('b:')
  })
})

describe('clean-properties', () => {
  test('drops the token and ballast, and keeps explicit updates of the root', () => {
    const { draft } = runStep(cleanProperties, {
      properties: { token: 'phc_x', distinct_id: 'ann', $heatmap_data: {}, $surveys_activated: [], plan: 'pro', $set: { a: 1 } },
      set: { b: 2 },
      unset: ['c'],
    })
    expect(draft.properties).toEqual({ plan: 'pro', $set: { a: 1, b: 2 }, $unset: ['c'] })
  })

  test('a distinct id among the properties that is another one stays', () => {
    expect(runStep(cleanProperties, { properties: { distinct_id: 'bob' } }).draft.properties).toEqual({ distinct_id: 'bob' })
  })

  test('names beyond the limit are left out, those inside objects counted', () => {
    const { draft, warnings } = runStep(
      cleanProperties,
      { properties: { a: { b: 1, c: 2 }, d: 3, e: 4 } },
      { limits: { maxPropertiesPerEvent: 4 } },
    )
    expect(draft.properties).toEqual({ a: { b: 1, c: 2 }, d: 3 })
    expect(warnings).toEqual(['too_many_properties'])
  })

  test('what is nested too deeply is kept as text', () => {
    const { draft } = runStep(cleanProperties, { properties: { a: { b: { c: [1] } }, l: [[[1]]] } }, { limits: { maxPropertyDepth: 2 } })
    expect(draft.properties).toEqual({ a: { b: '{"c":[1]}' }, l: ['[[1]]'] })
  })
})

test('read-session: lower case, and nothing implausible', () => {
  const { draft } = runStep(readSession, { properties: { $session_id: '0190A000-AAAA-7000-8000-000000000001', $window_id: 'w' } })
  expect([draft.sessionId, draft.windowId]).toEqual(['0190a000-aaaa-7000-8000-000000000001', 'w'])
  expect(runStep(readSession, { properties: { $session_id: 'x'.repeat(101), $window_id: 5 } }).draft).toMatchObject({
    sessionId: '',
    windowId: '',
  })
})
