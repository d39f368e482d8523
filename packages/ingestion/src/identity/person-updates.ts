import type { EventDraft } from '../draft.ts'

export type Properties = Record<string, unknown>

// compat: the event properties that PostHog copies to the person by itself.
const plain = ['$app_build', '$app_name', '$app_namespace', '$app_version']
/** A change in these alone is not worth writing the person for. */
const volatile = [
  ...['$browser', '$browser_version', '$device_type', '$current_url', '$pathname', '$os', '$os_name', '$os_version'],
  ...['$referring_domain', '$referrer', '$screen_height', '$screen_width', '$viewport_height', '$viewport_width', '$raw_user_agent'],
]
const campaign = [
  ...['utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_name', 'utm_term', 'gclid', 'gad_source', 'gclsrc', 'dclid'],
  ...['gbraid', 'wbraid', 'fbclid', 'msclkid', 'twclid', 'li_fat_id', 'mc_cid', 'igshid', 'ttclid', 'rdt_cid', 'irclid', '_kx'],
  ...['epik', 'qclid', 'sccid'],
]

interface AutomaticProperty {
  initialName: string
  isVolatile: boolean
  isOs: boolean
}

const automatic = new Map<string, AutomaticProperty>()
for (const name of [...plain, ...volatile, ...campaign]) {
  automatic.set(name, {
    initialName: `$initial_${name.replace(/^\$/, '')}`,
    isVolatile: volatile.includes(name),
    isOs: name.startsWith('$os'),
  })
}

const serverLibraries = new Set([
  ...['posthog-node', 'posthog-python', 'posthog-go', 'posthog-ruby', 'posthog-php', 'posthog-java', 'posthog-dotnet'],
  ...['posthog-elixir', 'posthog-rs', 'posthog-server', 'posthog-edge'],
])
const eventsWithoutUpdates = new Set(['$exception', '$$heatmap'])
const personEvents = new Set(['$set', '$identify', '$create_alias', '$merge_dangerously'])

/**
 * The person's properties after an event, or undefined where nothing changes that is worth writing.
 * `current` is not changed. `$set_once` first, then what the event says by itself, then `$set`, then `$unset`.
 */
export function updateProperties(current: Properties, draft: EventDraft): Properties | undefined {
  if (eventsWithoutUpdates.has(draft.event)) return undefined
  const changes = new Changes(current)
  const explicitSet = draft.set
  const explicitSetOnce = draft.setOnce
  if (draft.event !== '$groupidentify') addAutomatic(changes, draft)
  if (draft.geoSet) addGeo(changes, draft.geoSet, draft)
  if (draft.event === 'survey shown') changes.set('$survey_last_seen_date', new Date(draft.timestampMs).toISOString(), false)
  for (const key in explicitSetOnce) {
    if (!explicitSet || !Object.hasOwn(explicitSet, key)) changes.setOnce(key, explicitSetOnce[key])
  }
  for (const key in explicitSet) changes.set(key, explicitSet[key], false)
  for (const key of draft.unset ?? []) changes.unset(key)
  return changes.result(personEvents.has(draft.event))
}

/** The properties of a person that an event creates. */
export function initialProperties(draft: EventDraft): Properties {
  const properties = updateProperties({}, draft) ?? {}
  return { ...properties, $creator_event_uuid: draft.uuid }
}

function addAutomatic(changes: Changes, draft: EventDraft): void {
  const { properties } = draft
  const ignoresOs = serverLibraries.has(String(properties.$lib))
  for (const key in properties) {
    const known = automatic.get(key)
    if (!known || (known.isOs && ignoresOs)) continue
    addOne(changes, draft, key, known, properties[key])
  }
  // compat: mobile SDKs say `$os_name` where the web says `$os`.
  if (!ignoresOs && Object.hasOwn(properties, '$os_name') && !Object.hasOwn(properties, '$os')) {
    const known = automatic.get('$os')
    if (known) addOne(changes, draft, '$os', known, properties.$os_name)
  }
}

function addOne(changes: Changes, draft: EventDraft, key: string, known: AutomaticProperty, value: unknown): void {
  if (!draft.set || !Object.hasOwn(draft.set, key)) changes.set(key, value, known.isVolatile)
  if (!draft.setOnce || !Object.hasOwn(draft.setOnce, known.initialName)) changes.setOnce(known.initialName, value)
}

function addGeo(changes: Changes, place: Properties, draft: EventDraft): void {
  for (const key in place) {
    const name = `$geoip_${key}`
    const initialName = `$initial_geoip_${key}`
    if (!draft.set || !Object.hasOwn(draft.set, name)) changes.set(name, place[key], true)
    if (!draft.setOnce || !Object.hasOwn(draft.setOnce, initialName)) changes.setOnce(initialName, place[key])
  }
}

/** Collects differences; copies the properties only once there is one. */
class Changes {
  private readonly current: Properties
  private changed: Properties | undefined
  private isWorthWriting = false

  constructor(current: Properties) {
    this.current = current
  }

  set(key: string, value: unknown, isVolatile: boolean): void {
    const from = this.changed ?? this.current
    if (Object.hasOwn(from, key) && isSame(from[key], value)) return
    this.write(key, value)
    if (!isVolatile) this.isWorthWriting = true
  }

  setOnce(key: string, value: unknown): void {
    if (Object.hasOwn(this.changed ?? this.current, key)) return
    this.write(key, value)
    this.isWorthWriting = true
  }

  unset(key: string): void {
    if (!Object.hasOwn(this.changed ?? this.current, key)) return
    this.changed ??= { ...this.current }
    delete this.changed[key]
    this.isWorthWriting = true
  }

  result(writesAlways: boolean): Properties | undefined {
    return this.isWorthWriting || writesAlways ? this.changed : undefined
  }

  private write(key: string, value: unknown): void {
    this.changed ??= { ...this.current }
    // tricky: assigning to `__proto__` would change the prototype instead of adding a key.
    if (key === '__proto__') Object.defineProperty(this.changed, key, { value, enumerable: true, writable: true, configurable: true })
    else this.changed[key] = value
  }
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  return typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b)
}
