/**
 * Made-up events of a product, the same for every run: sessions of people, in order of time as ingestion would store them.
 * `few` has 30 property names in all, `many` 3 000: each of 200 kinds of event has 15 names of its own.
 */

export type NameSet = 'few' | 'many'

export interface GenerateOptions {
  names: NameSet
  /** Events in all; they are spread evenly over the days. */
  events: number
  days: number
  rowsAChunk: number
}

const people = 100_000
const firstDay = Date.UTC(2026, 0, 1)
const browsers = ['Chrome', 'Chrome', 'Chrome', 'Safari', 'Safari', 'Firefox', 'Microsoft Edge', 'Mobile Safari', 'Chrome iOS']
const systems = ['Windows', 'Mac OS X', 'iOS', 'Android', 'Linux']
const countries = ['US', 'DE', 'GB', 'FR', 'IN', 'BR', 'JP', 'NP', 'PL', 'NL']
const plans = ['free', 'free', 'free', 'pro', 'team', 'enterprise']
const pages = Array.from({ length: 300 }, (_, index) => `/app/section-${index % 12}/page-${index}`)
const sources = ['google', 'newsletter', 'twitter', '', '', '', '']
const steps = ['signed up', 'created project', 'invited member', 'upgraded plan']

/** Chunk number `chunk` as JSONEachRow. */
export function generateChunk(options: GenerateOptions, chunk: number): { rows: Buffer; uuids: string[]; personIds: string[] } {
  const { names, events, days, rowsAChunk } = options
  const random = createRandom(chunk * 7_919 + 17)
  const chunks = Math.ceil(events / rowsAChunk)
  const sliceMs = (days * 86_400_000) / chunks
  const from = firstDay + chunk * sliceMs
  const insertedAt = instant(from + sliceMs)
  const lines: string[] = []
  const uuids: string[] = []
  const personIds: string[] = []
  while (lines.length < rowsAChunk) {
    const session = startSession(random, from + random() * sliceMs)
    const length = 2 + Math.floor(random() * 18)
    for (let index = 0; index < length && lines.length < rowsAChunk; index++) {
      session.at += 500 + random() * 60_000
      const at = Math.min(session.at, from + sliceMs - 1)
      const uuid = uuidFrom(random, at)
      const kind = Math.floor(random() ** 3 * 200)
      const event = eventName(names, kind, random)
      const row = {
        project_id: 1,
        uuid,
        event,
        timestamp: instant(at),
        distinct_id: session.distinctId,
        person_id: session.personId,
        person_mode: 'full',
        properties: propertiesOf(names, kind, event, session, random),
        person_properties: session.personProperties,
        person_created_at: session.createdAt,
        $group_0: session.company,
        $group_1: '',
        $group_2: '',
        $group_3: '',
        $group_4: '',
        $session_id: session.id,
        $window_id: session.windowId,
        elements_chain:
          event === '$autocapture' ? `button.btn:text="Save ${kind}"nth-child="2"nth-of-type="1";div.panel:nth-child="1"` : '',
        created_at: instant(at + 1_500),
        inserted_at: insertedAt,
      }
      lines.push(JSON.stringify(row))
      uuids.push(uuid)
      personIds.push(session.personId)
    }
  }
  return { rows: Buffer.from(lines.join('\n')), uuids, personIds }
}

type Random = () => number
type Session = ReturnType<typeof startSession>

function startSession(random: Random, at: number) {
  const person = Math.floor(random() ** 1.5 * people)
  const own = createRandom(person + 1)
  const personId = uuidFrom(own, firstDay)
  const country = pick(own, countries)
  const createdAt = instant(firstDay - own() * 1e10)
  const plan = pick(own, plans)
  return {
    at,
    id: uuidFrom(random, at),
    windowId: uuidFrom(random, at),
    personId,
    distinctId: own() < 0.5 ? `user-${person}@company-${person % 900}.example` : uuidFrom(own, firstDay),
    company: `company-${person % 900}`,
    createdAt,
    browser: pick(own, browsers),
    browserVersion: 100 + Math.floor(own() * 30),
    system: pick(own, systems),
    country,
    plan,
    source: pick(random, sources),
    width: 320 + 80 * Math.floor(own() * 20),
    deviceId: uuidFrom(own, firstDay),
    personProperties: {
      email: `user-${person}@company-${person % 900}.example`,
      name: `Person Number ${person}`,
      plan,
      role: pick(own, ['owner', 'member', 'guest']),
      seats: Math.floor(own() * 200),
      signed_up_at: createdAt,
      $initial_referring_domain: pick(own, ['www.google.com', '$direct', 'news.example']),
      $initial_utm_source: pick(own, sources),
      $initial_browser: pick(own, browsers),
      $geoip_country_code: country,
    },
  }
}

function eventName(names: NameSet, kind: number, random: Random): string {
  const draw = random()
  if (draw < 0.35) return '$pageview'
  if (draw < 0.5) return '$autocapture'
  if (draw < 0.6) return pick(random, steps)
  return names === 'few' ? `event ${kind % 20}` : `event ${kind}`
}

/** 25 properties, of which 17 are what a browser's SDK sends. */
function propertiesOf(names: NameSet, kind: number, event: string, session: Session, random: Random): Record<string, unknown> {
  const page = pages[Math.floor(random() ** 2 * pages.length)] ?? '/'
  const properties: Record<string, unknown> = {
    $browser: session.browser,
    $browser_version: session.browserVersion,
    $os: session.system,
    $os_version: '10.15.7',
    $device_type: session.width < 700 ? 'Mobile' : 'Desktop',
    $current_url: `https://app.example.com${page}?tab=${kind % 7}`,
    $host: 'app.example.com',
    $pathname: page,
    $screen_width: session.width,
    $screen_height: Math.floor(session.width * 0.6),
    $viewport_width: session.width - 15,
    $lib: 'web',
    $lib_version: '1.300.2',
    $device_id: session.deviceId,
    $session_id: session.id,
    $geoip_country_code: session.country,
    $referring_domain: '$direct',
  }
  if (session.source !== '') properties.utm_source = session.source
  if (names === 'few') {
    properties.plan = session.plan
    properties.amount = Math.floor(random() ** 2 * 500)
    properties.is_trial = random() < 0.3
    properties.items = Math.floor(random() * 12)
    properties.team_size = session.company.length + (kind % 40)
    properties.section = `section-${kind % 12}`
    properties.variant = event.length % 2 === 0 ? 'control' : 'test'
  } else {
    properties.plan = session.plan
    properties.amount = Math.floor(random() ** 2 * 500)
    for (let index = 0; index < 6; index++) {
      const place = Math.floor(random() * 15)
      const name = `property_${kind}_${place}`
      properties[name] =
        place % 3 === 0 ? Math.floor(random() * 1000) : place % 3 === 1 ? `value ${Math.floor(random() * 50)}` : random() < 0.5
    }
  }
  return properties
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item
}

function uuidFrom(random: Random, at: number): string {
  const time = Math.floor(at).toString(16).padStart(12, '0')
  const part = () =>
    Math.floor(random() * 65_536)
      .toString(16)
      .padStart(4, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${part().slice(1)}-8${part().slice(1)}-${part()}${part()}${part()}`
}

function instant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 23).replace('T', ' ')}000`
}

/** mulberry32: small and the same everywhere. */
function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
