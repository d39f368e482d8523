import {
  eventDefinitionsQuery,
  instantText,
  newProject,
  pageQuery,
  personsQuery,
  projectChange,
  propertyDefinitionsQuery,
  setUp,
  splitPerson,
} from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { decode } from './decode.ts'

test.each([
  [
    projectChange,
    { timezone: 'Europe/Nowhere' },
    'timezone',
    'timezone is not right: must be a name of the IANA time zone database, for instance Europe/Berlin.',
  ],
  [
    projectChange,
    { timezone: '+05:30' },
    'timezone',
    'timezone is not right: must be a name of the IANA time zone database, for instance Europe/Berlin.',
  ],
  [projectChange, { week_start_day: 3 }, 'week_start_day', 'week_start_day is not right: must be 0 (Sunday) or 1 (Monday).'],
  [projectChange, { anonymize_ips: 'yes' }, 'anonymize_ips', 'anonymize_ips is not right: must be true or false.'],
  [
    projectChange,
    { person_display_name_properties: ['a', 5] },
    'person_display_name_properties[1]',
    'person_display_name_properties[1] is not right: must be text.',
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
    'email is not right: must be an e-mail address.',
  ],
  [
    setUp,
    { email: 'a@example.com', password: 'short', name: 'A', project_name: 'P' },
    'password',
    'password is not right: must have at least 8 characters.',
  ],
  [pageQuery, { limit: '0' }, 'limit', 'limit is not right: must be between 1 and 1000.'],
  [pageQuery, { limit: 'ten' }, 'limit', 'limit is not right: must be a whole number.'],
  [personsQuery, { is_identified: 'maybe' }, 'is_identified', 'is_identified is not right: must be true or false.'],
  [propertyDefinitionsQuery, { event_names: '["a",5]' }, 'event_names', 'event_names is not right: must be a JSON list of names.'],
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
