import { defaultProjectSettings, type ProjectBody, projectChange } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { changesOf, formOf, problemsOf, readNames } from './settings-form.ts'

const project: ProjectBody = {
  ...defaultProjectSettings,
  id: 1,
  uuid: 'u',
  organization: null,
  name: 'Web',
  api_token: 'phc_a',
  secret_api_token_hint: null,
  timezone: 'UTC',
  week_start_day: 0,
  is_demo: false,
  ingested_event: true,
  has_group_types: false,
  created_at: '',
  updated_at: '',
}

test('what was not touched is not sent', () => {
  expect(changesOf(formOf(project), project)).toEqual({})
  expect(changesOf({ ...formOf(project), name: ' Web ' }, project)).toEqual({})
})

test('what was changed is sent, in the form that the server takes', () => {
  const changes = changesOf({ ...formOf(project), drop_bots: true, week_start_day: 1, person_display_name_properties: ['name'] }, project)
  expect(changes).toEqual({ drop_bots: true, week_start_day: 1, person_display_name_properties: ['name'] })
  expect(projectChange.parse(changes)).toEqual(changes)
})

test('test accounts and paths are sent as they were put together, and not before they are whole', () => {
  const filter = { type: 'person', key: 'email', operator: 'not_icontains' } as const
  const rule = { regex: '/orders/\\d+', alias: '/orders/<id>' }
  expect(problemsOf({ ...formOf(project), test_account_filters: [filter] })).toEqual([expect.stringContaining('has no value yet')])
  expect(problemsOf({ ...formOf(project), path_cleaning_filters: [rule, { regex: '', alias: 'x' }] })).toEqual([
    expect.stringContaining('Rule 2'),
  ])
  const whole = { ...formOf(project), test_account_filters: [{ ...filter, value: '@hedgerow' }], path_cleaning_filters: [rule] }
  expect(problemsOf(whole)).toEqual([])
  const changes = changesOf(whole, project)
  expect(projectChange.parse(changes)).toEqual({ test_account_filters: whole.test_account_filters, path_cleaning_filters: [rule] })
})

test('names are read from a list with commas', () => {
  expect(readNames(' email, name ,,email, full name ')).toEqual(['email', 'name', 'full name'])
})
