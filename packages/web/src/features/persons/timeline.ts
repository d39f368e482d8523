import type { ShownEvent } from '../../ui/shown-event.ts'
import { dayOf } from '../../ui/time.ts'

/** Events of one session, or of none, that follow each other within a day. Newest first. */
export interface TimelineSession {
  key: string
  /** Empty for events outside of sessions (servers, jobs). */
  sessionId: string
  events: ShownEvent[]
  /** From the first to the last event shown, in milliseconds. */
  spanMs: number
}

export interface TimelineDay {
  /** `2026-03-01` in the project's zone. */
  day: string
  count: number
  sessions: TimelineSession[]
}

/**
 * Groups events, newest first, by the day in a zone and within it by session. Sessions that overlap (two tabs, a phone beside)
 * stay whole: each stands where its newest event stands.
 */
export function timeline(events: readonly ShownEvent[], zone: string): TimelineDay[] {
  const days = new Map<string, Map<string, ShownEvent[]>>()
  let lastKey = ''
  let lastDay = ''
  let runs = 0
  for (const event of events) {
    const day = dayOf(event.timestamp, zone)
    const sessionId = sessionOf(event)
    // Events without a session make a group only while they follow each other: a job at noon and one at night are two.
    const key = sessionId !== '' ? sessionId : day === lastDay && lastKey.startsWith('none ') ? lastKey : `none ${++runs}`
    lastKey = key
    lastDay = day
    const sessions = days.get(day) ?? new Map<string, ShownEvent[]>()
    days.set(day, sessions)
    const group = sessions.get(key)
    if (group) group.push(event)
    else sessions.set(key, [event])
  }
  return [...days].map(([day, sessions]) => {
    const grouped = [...sessions].map(([key, group]): TimelineSession => {
      const times = group.map(({ timestamp }) => Date.parse(timestamp))
      return {
        key: `${day} ${key}`,
        sessionId: key.startsWith('none ') ? '' : key,
        events: group,
        spanMs: Math.max(...times) - Math.min(...times),
      }
    })
    return { day, count: grouped.reduce((sum, { events: { length } }) => sum + length, 0), sessions: grouped }
  })
}

function sessionOf({ properties }: ShownEvent): string {
  const id = properties.$session_id
  return typeof id === 'string' ? id : ''
}

/** Where a session took place, from its oldest event: `Firefox on Linux · Vienna · app.example.com`. */
export function sessionPlace({ events }: Pick<TimelineSession, 'events'>): string {
  const properties = events.at(-1)?.properties ?? {}
  const text = (...names: string[]) =>
    names.map((name) => properties[name]).find((value): value is string => typeof value === 'string' && value !== '')
  const browser = text('$browser', '$app_name')
  const system = text('$os', '$os_name')
  const machine = browser && system ? `${browser} on ${system}` : (browser ?? system ?? text('$lib'))
  const city = text('$geoip_city_name', '$geoip_country_name')
  return [machine, city, text('$host')].filter(Boolean).join(' · ')
}

export interface ActivityDay {
  day: string
  count: number
}

/** One entry for each of the last days, oldest first; days without events are zero. Rows are `[day, count]`. */
export function activityDays(rows: readonly unknown[][], today: string, days: number): ActivityDay[] {
  const counts = new Map(rows.map(([day, count]) => [String(day).slice(0, 10), Number(count)]))
  const last = Date.parse(`${today}T00:00:00Z`)
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(last - (days - 1 - index) * 86_400_000).toISOString().slice(0, 10)
    return { day, count: counts.get(day) ?? 0 }
  })
}
