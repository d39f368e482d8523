import { expect, test } from 'vitest'
import { eventNote } from './event-note.ts'

test.each([
  ['$pageview', { $pathname: '/items' }, '/items'],
  ['$pageview', {}, ''],
  ['$screen', { $screen_name: 'Home' }, 'Home'],
  ['$autocapture', { $event_type: 'click', $el_text: 'Save' }, 'click: Save'],
  ['$feature_flag_called', { $feature_flag: 'new-nav', $feature_flag_response: true }, 'new-nav → true'],
  ['$groupidentify', { $group_type: 'company', $group_key: 'acme' }, 'company acme'],
  ['item created', { kind: 'note', words: 12, $lib: 'web', nested: { a: 1 }, none: null }, 'kind: note, words: 12'],
])('%s %j is told as "%s"', (event, properties, expected) => {
  expect(eventNote({ event, properties })).toBe(expected)
})
