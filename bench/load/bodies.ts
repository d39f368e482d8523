import { gzipSync } from 'node:zlib'

/** A number in [0, 1) from a seed: the same load in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const eventNames = ['$pageview', '$autocapture', 'item created', 'item shared', 'export finished', 'search', 'plan viewed', '$pageleave']
const browsers = ['Chrome', 'Firefox', 'Safari', 'Edge']
const systems = ['Mac OS X', 'Windows', 'Linux', 'iOS', 'Android']

/**
 * An event with 25 properties of the kind a web app sends. It carries no uuid, so that capture makes one and
 * a prepared body can be sent again and again; its time is an offset from the moment of receipt.
 */
export function makeEvent(random: () => number, persons: number): Record<string, unknown> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const person = Math.floor(random() * persons)
  const session = Math.floor(person / 3) * 7 + Math.floor(random() * 3)
  return {
    event: pick(eventNames),
    distinct_id: `user-${person}`,
    offset: Math.floor(random() * 3_000),
    properties: {
      $lib: 'web',
      $lib_version: '1.449.2',
      $browser: browsers[person % 4],
      $browser_version: 120 + (person % 12),
      $os: systems[person % 5],
      $os_version: `${10 + (person % 6)}.${person % 3}`,
      $device_type: person % 5 > 2 ? 'Mobile' : 'Desktop',
      $current_url: `https://app.example.com/projects/${person % 900}/items?tab=${pick(['all', 'mine', 'shared'])}`,
      $host: 'app.example.com',
      $pathname: `/projects/${person % 900}/items`,
      $referrer: '$direct',
      $referring_domain: '$direct',
      $screen_height: 1080,
      $screen_width: 1920,
      $viewport_height: 900 + (person % 100),
      $viewport_width: 1400 + (person % 300),
      $session_id: `01900000-0000-7000-8000-${session.toString(16).padStart(12, '0')}`,
      $window_id: `01900000-0000-7000-9000-${session.toString(16).padStart(12, '0')}`,
      $device_id: `device-${person}`,
      $pageview_id: `01900000-0000-7000-a000-${Math.floor(random() * 2 ** 40)
        .toString(16)
        .padStart(12, '0')}`,
      $timezone: 'Europe/Berlin',
      plan: pick(['free', 'team', 'company']),
      seats: person % 40,
      duration_ms: Math.floor(random() * 90_000),
      is_trial: person % 7 === 0,
    },
  }
}

/** `count` request bodies of `size` events each, gzipped as posthog-node and posthog-js send them. */
export function makeBatches(token: string, count: number, size: number, persons: number, seed = 1): Buffer[] {
  const random = seeded(seed)
  return Array.from({ length: count }, () =>
    gzipSync(
      JSON.stringify({
        api_key: token,
        batch: Array.from({ length: size }, () => makeEvent(random, persons)),
        sent_at: new Date().toISOString(),
      }),
      { level: 1 },
    ),
  )
}
