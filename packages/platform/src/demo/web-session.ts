import { type Browser, type Channel, type Place, product } from './catalogue.ts'
import { onboardingExperiment } from './effects.ts'
import type { Device, Person } from './population.ts'
import type { Random } from './random.ts'
import type { Emit } from './sdk-event.ts'

const libVersion = '1.449.2'

/** Who a browser is to the SDK: anonymous until somebody signs in. */
export interface WebIdentity {
  distinctId: string
  person?: Person
}

export interface WebSession {
  /** The instant of the last event, Unix milliseconds. */
  readonly atMs: number
  readonly identity: WebIdentity
  pass(meanMs: number): void
  open(path: string, title: string): void
  click(element: Element): void
  capture(event: string, properties?: Record<string, unknown>): void
  /** Somebody signs in: `$identify` with the id so far, which merges what they did before. */
  identify(person: Person, setOnce?: Record<string, unknown>): void
  /** What posthog-js sends when an identified person's properties are set again. */
  setPerson(set: Record<string, unknown>): void
  groupIdentify(set: Record<string, unknown>): void
  close(): void
}

/** What autocapture knows of the element that was clicked. */
export interface Element {
  tag: 'a' | 'button'
  text: string
  classes: readonly string[]
  href?: string
  event?: '$autocapture' | '$rageclick'
}

interface SessionOptions {
  identity: WebIdentity
  device: Device<Browser>
  place: Place
  channel: Channel
  startMs: number
  random: Random
  emit: Emit
}

/** One visit with posthog-js: every event carries the properties of the browser, the page and the session. */
export function startWebSession({ device, place, channel, startMs, random, emit, ...start }: SessionOptions): WebSession {
  let identity = start.identity
  let atMs = startMs
  let page: { path: string; title: string; url: string; id: string; openedMs: number } | undefined
  let previousUrl = channel.referrer
  const ids = { $session_id: random.uuid(startMs), $window_id: random.uuid(startMs) }
  const fixed = { ...browserProperties(device, place, random), ...ids }
  let entry: Record<string, unknown> = {}

  function properties(): Record<string, unknown> {
    const { person } = identity
    return {
      ...fixed,
      ...entry,
      ...pageProperties(page, previousUrl),
      $is_identified: person !== undefined,
      $process_person_profile: person !== undefined,
      ...(person ? { $user_id: person.id } : {}),
      ...(person?.company ? { $groups: { company: person.company.key } } : {}),
      ...flagProperties(person),
    }
  }

  function capture(
    event: string,
    own: Record<string, unknown> = {},
    updates: { set?: Record<string, unknown>; setOnce?: Record<string, unknown> } = {},
  ): void {
    emit({
      source: 'web',
      uuid: random.uuid(atMs),
      event,
      distinctId: identity.distinctId,
      atMs,
      properties: { ...properties(), ...own },
      ...updates,
    })
  }

  function pass(meanMs: number): void {
    atMs += 400 + Math.floor(Math.min(random.exponential(meanMs), meanMs * 6))
  }

  const session: WebSession = {
    get atMs() {
      return atMs
    },
    get identity() {
      return identity
    },
    pass,
    open(path, title) {
      const left = page ? leaving(page, atMs) : {}
      if (page) previousUrl = page.url
      page = { path, title, url: siteOf(path) + path, id: random.uuid(atMs), openedMs: atMs }
      if (Object.keys(entry).length === 0) entry = entryProperties(page.url, path, channel)
      capture('$pageview', left)
      pass(9_000)
    },
    click(element) {
      capture(element.event ?? '$autocapture', {
        $event_type: 'click',
        $ce_version: 1,
        $el_text: element.text,
        $elements_chain: elementsChain(element),
      })
      pass(2_500)
    },
    capture(event, own) {
      capture(event, own)
      pass(4_000)
    },
    identify(person, setOnce = {}) {
      const anonymousId = identity.distinctId
      identity = { distinctId: person.id, person }
      capture(
        '$identify',
        { $anon_distinct_id: anonymousId },
        { set: personProperties(person), setOnce: { ...initialProperties(channel, entry), ...setOnce } },
      )
      pass(600)
    },
    setPerson(set) {
      capture('$set', {}, { set })
    },
    groupIdentify(set) {
      const company = identity.person?.company
      if (company) capture('$groupidentify', { $group_type: 'company', $group_key: company.key, $group_set: set })
    },
    close() {
      pass(20_000)
      if (page) capture('$pageleave', leaving(page, atMs))
    },
  }
  return session
}

/** What an app tells `identify` of somebody. */
export function personProperties(person: Person): Record<string, unknown> {
  return {
    email: person.email,
    name: `${person.firstName} ${person.lastName}`,
    job_title: person.jobTitle,
    role: person.role === 'teammate' ? 'member' : 'owner',
    plan: 'free',
    $geoip_country_code: person.place.countryCode,
    $geoip_country_name: person.place.country,
    $geoip_city_name: person.place.city,
    $geoip_time_zone: person.place.timeZone,
  }
}

function browserProperties({ anonymousId, hardware }: Device<Browser>, place: Place, random: Random): Record<string, unknown> {
  const [width, height] = hardware.screen
  return {
    $lib: 'web',
    $lib_version: libVersion,
    $device_id: anonymousId,
    $browser: hardware.browser,
    $browser_version: hardware.version,
    $browser_language: place.language,
    $browser_language_prefix: place.language.slice(0, 2),
    $os: hardware.os,
    $os_version: hardware.osVersion,
    $device_type: hardware.deviceType,
    $raw_user_agent: hardware.userAgent,
    $screen_width: width,
    $screen_height: height,
    $viewport_width: width,
    $viewport_height: height - random.integer(90, 180),
    $timezone: place.timeZone,
    $timezone_offset: (0 - place.utcOffsetHours) * 60,
    $geoip_country_code: place.countryCode,
    $geoip_country_name: place.country,
    $geoip_continent_code: place.continentCode,
    $geoip_continent_name: place.continent,
    $geoip_city_name: place.city,
    $geoip_time_zone: place.timeZone,
  }
}

function pageProperties(
  page: { path: string; title: string; url: string; id: string } | undefined,
  referrer: string,
): Record<string, unknown> {
  const referringDomain = referrer === '$direct' ? '$direct' : new URL(referrer).hostname
  if (!page) return { $referrer: referrer, $referring_domain: referringDomain }
  return {
    $current_url: page.url,
    $host: new URL(page.url).host,
    $pathname: page.path,
    title: page.title,
    $pageview_id: page.id,
    $referrer: referrer,
    $referring_domain: referringDomain,
  }
}

/** Pages of the app are on a host of their own. */
function siteOf(path: string): string {
  return path.startsWith('/app') ? product.app : product.site
}

function leaving(page: { path: string; id: string; openedMs: number }, atMs: number): Record<string, unknown> {
  const seconds = Math.max(0, (atMs - page.openedMs) / 1000)
  const scrolled = Math.min(1, Math.round(seconds * 2.5) / 100)
  return {
    $prev_pageview_id: page.id,
    $prev_pageview_pathname: page.path,
    $prev_pageview_duration: seconds,
    $prev_pageview_last_scroll_percentage: scrolled,
    $prev_pageview_max_scroll_percentage: scrolled,
  }
}

function utmProperties({ utm }: Channel, prefix = ''): Record<string, string> {
  if (!utm) return {}
  return {
    [`${prefix}utm_source`]: utm.source,
    [`${prefix}utm_medium`]: utm.medium,
    [`${prefix}utm_campaign`]: utm.campaign,
    ...(utm.content ? { [`${prefix}utm_content`]: utm.content } : {}),
  }
}

function entryProperties(url: string, path: string, channel: Channel): Record<string, unknown> {
  return {
    ...utmProperties(channel),
    ...utmProperties(channel, '$session_entry_'),
    $session_entry_url: url,
    $session_entry_host: new URL(url).host,
    $session_entry_pathname: path,
    $session_entry_referrer: channel.referrer,
  }
}

function initialProperties(channel: Channel, entry: Record<string, unknown>): Record<string, unknown> {
  return {
    $initial_referrer: channel.referrer,
    $initial_referring_domain: channel.referrer === '$direct' ? '$direct' : new URL(channel.referrer).hostname,
    $initial_current_url: entry.$session_entry_url ?? null,
    $initial_pathname: entry.$session_entry_pathname ?? null,
    $initial_utm_source: channel.utm?.source ?? null,
    $initial_utm_medium: channel.utm?.medium ?? null,
    $initial_utm_campaign: channel.utm?.campaign ?? null,
  }
}

/** posthog-js adds every known flag to every event. */
function flagProperties(person: Person | undefined): Record<string, unknown> {
  if (!person?.onboarding.exposed) return {}
  const { flagKey } = onboardingExperiment
  return { [`$feature/${flagKey}`]: person.onboarding.variant, $active_feature_flags: [flagKey] }
}

/** Innermost first, as autocapture writes it. */
function elementsChain({ tag, text, classes, href }: Element): string {
  const dotted = [...classes].sort().map((name) => `.${name}`)
  const attributes = {
    attr__class: classes.join(' '),
    ...(href ? { attr__href: href, href } : {}),
    'nth-child': '1',
    'nth-of-type': '1',
    text,
  }
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${value.replaceAll('"', '\\"')}"`)
  const outer = 'main:attr_id="content"attr__id="content"nth-child="2"nth-of-type="1";body:nth-child="2"nth-of-type="1"'
  return `${tag}${dotted.join('')}:${written.join('')};${outer}`
}
