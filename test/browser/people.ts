import { hostileName } from './meadow.ts'

/** A name that is longer than any column, turns the reading direction and holds what cannot be seen. */
export const crookedName = `${'very_long_'.repeat(30)}\u202eגבא\u200b`

const minuteMs = 60_000

/**
 * A few people with a past: Ada, who was somebody without a name and changed her plan twice; Bo, of another plan; and somebody whose
 * every word is hostile. Ada clicks, and some events are refused, altered or sent twice.
 */
export function peopleEvents(now: Date): object[] {
  const at = (minutesAgo: number) => new Date(now.getTime() - minutesAgo * minuteMs).toISOString()
  const event = (name: string, distinct_id: string, minutesAgo: number, properties: object = {}, more: object = {}) => ({
    event: name,
    distinct_id,
    timestamp: at(minutesAgo),
    properties: { $session_id: `01900000-0000-7000-8000-00000000000${distinct_id.length % 10}`, ...properties },
    ...more,
  })
  const click = (text: string, data: string, minutesAgo: number) =>
    event('$autocapture', 'ada', minutesAgo, {
      $event_type: 'click',
      $current_url: 'https://meadow.example/pricing',
      $elements: [
        { tag_name: 'button', $el_text: text, 'attr__data-attr': data, nth_child: 1, nth_of_type: 1 },
        { tag_name: 'main', nth_child: 1, nth_of_type: 1 },
      ],
    })
  return [
    event('$pageview', 'anon-ada', 90, { $current_url: 'https://meadow.example/home' }),
    event('$identify', 'ada', 80, {
      $anon_distinct_id: 'anon-ada',
      $set: { email: 'ada@example.com', plan: 'free', seats: 1 },
      $groups: { company: 'acme' },
    }),
    event('$set', 'ada', 60, { $set: { plan: 'team' } }),
    event('$set', 'ada', 40, { $set: { plan: 'business', seats: 3 } }),
    event('$identify', 'bo', 70, { $set: { email: 'bo@example.com', plan: 'free' } }),
    event('$groupidentify', 'bo', 69, { $group_type: 'company', $group_key: 'acme', $group_set: { name: 'Acme Ltd', size: 12 } }),
    event('bought', 'ada', 30, { price: 12.5, currency: 'EUR', $groups: { company: 'acme' } }),
    event('bought', 'bo', 29, { price: 3, currency: 'USD' }),
    click('Upgrade now', 'upgrade', 20),
    click('Upgrade now', 'upgrade', 19),
    click('Compare plans', 'compare', 18),
    event(hostileName, hostileName, 10, { [hostileName]: hostileName, $set: { email: hostileName, [crookedName]: crookedName } }),
    event(crookedName, crookedName, 9, { $set: { name: crookedName } }),
  ]
}

const twice = '01900000-0000-7000-8000-0000000000ee'

/** What is not simply stored: altered, refused, sent again. */
export const judgedEvents = (): object[] => [
  { event: 'from tomorrow', distinct_id: 'ada', timestamp: '2999-01-01T00:00:00Z' },
  { event: '$identify', distinct_id: 'ada', properties: { $process_person_profile: false } },
  { uuid: twice, event: 'sent twice', distinct_id: 'ada' },
]
export const repeatedEvent = (): object => ({ uuid: twice, event: 'sent twice', distinct_id: 'ada' })
