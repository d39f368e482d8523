import type { Phone } from './catalogue.ts'
import type { Device, Person } from './population.ts'
import type { Emit } from './sdk-event.ts'
import { personProperties } from './web-session.ts'

const libVersion = '4.78.0'
const appVersions = ['2.8.0', '2.9.1', '3.0.0', '3.1.0'] as const

interface MobileOptions {
  person: Person
  device: Device<Phone>
  /** Nobody has signed in on this phone yet. */
  firstTime: boolean
  startMs: number
  /** 0 on the first day of the demo, 1 on the last; newer apps come later. */
  progress: number
  emit: Emit
}

/** One use of the app with posthog-react-native; the first one installs it and signs in. Returns when it ended. */
export function playMobileSession({ person, device, firstTime, startMs, progress, emit }: MobileOptions): number {
  const { random } = person
  const appVersion = appVersions[Math.min(appVersions.length - 1, Math.floor(progress * appVersions.length))] ?? appVersions[0]
  const fixed = deviceProperties(device.hardware, person, appVersion)
  const sessionId = random.uuid(startMs)
  let atMs = startMs
  let identified = !firstTime
  let screen: string | undefined

  function capture(event: string, own: Record<string, unknown> = {}): void {
    emit({
      source: 'mobile',
      uuid: random.uuid(atMs),
      event,
      distinctId: identified ? person.id : device.anonymousId,
      atMs,
      properties: {
        ...fixed,
        $session_id: sessionId,
        ...(screen ? { $screen_name: screen } : {}),
        // compat: posthog-react-native says nothing of profiles on $identify, which means full processing.
        ...(event === '$identify' ? {} : { $is_identified: identified, $process_person_profile: identified }),
        ...(identified && person.company ? { $groups: { company: person.company.key } } : {}),
        ...own,
      },
    })
    atMs += 500 + Math.floor(random.exponential(5_000))
  }

  function show(name: string): void {
    screen = name
    capture('$screen')
  }

  if (firstTime) capture('Application Installed', { version: appVersion, build: '1' })
  capture(firstTime || random.chance(0.4) ? 'Application Opened' : 'Application Became Active', { version: appVersion })
  if (firstTime) {
    show('Sign in')
    identified = true
    capture('$identify', { $anon_distinct_id: device.anonymousId, $set: personProperties(person) })
  }
  show('Boards')
  for (let count = random.poisson(1.6); count > 0; count--) {
    show('Item')
    if (random.chance(0.3)) capture('item_created', { item_type: 'document', item_id: random.uuid(atMs), source: 'mobile' })
    if (random.chance(0.35)) capture('comment_added', { source: 'mobile', length: random.integer(4, 180) })
  }
  if (random.chance(0.2)) show('Notifications')
  capture('Application Backgrounded')
  return atMs
}

function deviceProperties(phone: Phone, person: Person, appVersion: string): Record<string, unknown> {
  const { place } = person
  return {
    $lib: 'posthog-react-native',
    $lib_version: libVersion,
    $app_name: 'Meadow',
    $app_namespace: 'example.meadow.app',
    $app_version: appVersion,
    $app_build: appVersion.replaceAll('.', ''),
    $os_name: phone.os,
    $os_version: phone.osVersion,
    $device_type: 'Mobile',
    $device_manufacturer: phone.manufacturer,
    $device_model: phone.model,
    $screen_width: phone.screen[0],
    $screen_height: phone.screen[1],
    $locale: place.language,
    $timezone: place.timeZone,
    $geoip_country_code: place.countryCode,
    $geoip_country_name: place.country,
    $geoip_continent_code: place.continentCode,
    $geoip_continent_name: place.continent,
    $geoip_city_name: place.city,
    $geoip_time_zone: place.timeZone,
  }
}
