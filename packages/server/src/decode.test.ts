import {
  eventDefinitionsQuery,
  flagDocument,
  flagsQuery,
  instantText,
  newProject,
  pageQuery,
  personsQuery,
  projectChange,
  propertyDefinitionsQuery,
  replayQuestion,
  setUp,
  splitPerson,
} from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { decode, requireStorable } from './decode.ts'

test.each([
  [
    projectChange,
    { timezone: 'Europe/Nowhere' },
    'timezone',
    'timezone is not right: must be a name of the IANA time zone database, for instance Europe/Berlin, and is "Europe/Nowhere".',
  ],
  [
    projectChange,
    { timezone: '+05:30' },
    'timezone',
    'timezone is not right: must be a name of the IANA time zone database, for instance Europe/Berlin, and is "+05:30".',
  ],
  [projectChange, { week_start_day: 3 }, 'week_start_day', 'week_start_day is not right: must be 0 (Sunday) or 1 (Monday), and is 3.'],
  [projectChange, { anonymize_ips: 'yes' }, 'anonymize_ips', 'anonymize_ips is not right: must be true or false, and is "yes".'],
  [
    projectChange,
    { person_display_name_properties: ['a', 5] },
    'person_display_name_properties[1]',
    'person_display_name_properties[1] is not right: must be text, and is 5.',
  ],
  [
    projectChange,
    { path_cleaning_filters: [{ alias: 'x' }] },
    'path_cleaning_filters[0].regex',
    'path_cleaning_filters[0].regex is not right: must be text.',
  ],
  [newProject, { name: '  ' }, 'name', 'name is not right: must not be empty.'],
  [setUp, { email: 'a@example.com' }, 'password', 'password is required.'],
  [
    setUp,
    { email: 'nobody', password: 'x'.repeat(9), name: 'A', project_name: 'P' },
    'email',
    'email is not right: must be an e-mail address, and is "nobody".',
  ],
  [
    setUp,
    { email: 'a@example.com', password: 'short', name: 'A', project_name: 'P' },
    'password',
    'password is not right: must have at least 8 characters.',
  ],
  [pageQuery, { limit: '0' }, 'limit', 'limit is not right: must be between 1 and 1000, and is "0".'],
  [pageQuery, { limit: 'ten' }, 'limit', 'limit is not right: must be a whole number, and is "ten".'],
  [personsQuery, { is_identified: 'maybe' }, 'is_identified', 'is_identified is not right: must be true or false, and is "maybe".'],
  [
    propertyDefinitionsQuery,
    { event_names: '["a",5]' },
    'event_names',
    'event_names is not right: must be a JSON list of names, and is "[\\"a\\",5]".',
  ],
  [replayQuestion, { change: {}, days: 91 }, 'days', 'days is not right: must be at most 90, and is 91.'],
  [replayQuestion, { change: 5 }, 'change', 'change is not right: must be an object, and is 5.'],
  [flagsQuery, { type: 'x' }, 'type', 'type is not right: must be one of boolean, multivariant, experiment, remote_config, and is "x".'],
  [
    flagsQuery,
    { search: 'a'.repeat(201) },
    'search',
    `search is not right: must have at most 200 characters, and is "${'a'.repeat(60)}…".`,
  ],
  [flagDocument, { flags: [{ key: 'a', zap: 1 }] }, 'flags[0]', 'flags[0] is not right: must not have the field zap, which is unknown.'],
])('%#: %j is refused', (schema, value, attr, message) => {
  expect(() => decode(schema as never, value)).toThrow(expect.objectContaining({ attr, message, status: 400 }))
})

test('a body that is no object is refused', () => {
  expect(() => decode(newProject, [])).toThrow(expect.objectContaining({ code: 'invalid_input' }))
})

test.each([
  [pageQuery, {}, { limit: 100, offset: 0 }],
  [personsQuery, { is_identified: 'true', limit: '5' }, { is_identified: true, limit: 5, offset: 0 }],
  [
    propertyDefinitionsQuery,
    { event_names: '["a","b"]', excluded_properties: 'x', properties: 'a,b' },
    expect.objectContaining({ event_names: ['a', 'b'], excluded_properties: ['x'], properties: ['a', 'b'], type: 'event' }),
  ],
  [eventDefinitionsQuery, {}, { limit: 100, offset: 0, event_type: 'all', ordering: 'name', exclude_hidden: false }],
  [splitPerson, {}, {}],
  [instantText, '2026-03-01T12:00:00', '2026-03-01T12:00:00.000Z'],
  [instantText, '2026-03-01', '2026-03-01T00:00:00.000Z'],
  [projectChange, { timezone: 'Asia/Kathmandu', unknown_field: 1 }, { timezone: 'Asia/Kathmandu' }],
  [
    projectChange,
    { test_account_filters: [{ key: 'email', value: '@x', operator: 'not_icontains', type: 'person' }] },
    { test_account_filters: [{ key: 'email', value: '@x', operator: 'not_icontains', type: 'person' }] },
  ],
])('%#: %j is read', (schema, value, expected) => {
  expect(decode(schema as never, value)).toEqual(expected)
})

test('text that no store takes is refused, and said where it is', () => {
  const attrOf = (value: unknown) => {
    try {
      requireStorable(value)
      return 'fits'
    } catch (error) {
      return (error as { attr?: string; message: string }).attr ?? (error as Error).message
    }
  }
  expect(attrOf({ name: 'a\u0000' })).toBe('name')
  expect(attrOf({ filters: { groups: [{}, { 'b\ud800': 1 }] } })).toBe('filters.groups[1].b\ud800')
  expect(attrOf('\udc00')).toBe('body')
  expect(attrOf({ name: 'a 🌿 \ud83c\udf3f', nothing: null, list: [1, true] })).toBe('fits')
  expect(attrOf(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))).toMatch(/nested more than 500 levels/)
})
