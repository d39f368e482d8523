export interface DayVolume {
  event: string
  /** `2026-03-01` in the project's zone. */
  day: string
  events: number
}

export interface Volume {
  total: number
  /** One for each of the days, oldest first. */
  days: number[]
}

/** The last days up to today, oldest first. */
export function lastDays(today: string, count: number): string[] {
  const last = Date.parse(`${today}T00:00:00Z`)
  return Array.from({ length: count }, (_, index) => new Date(last - (count - 1 - index) * 86_400_000).toISOString().slice(0, 10))
}

/** What each event came to on the days; days without events are zero. */
export function volumesByEvent(rows: readonly DayVolume[], days: readonly string[]): Map<string, Volume> {
  const places = new Map(days.map((day, index) => [day, index]))
  const volumes = new Map<string, Volume>()
  for (const { event, day, events } of rows) {
    const volume = volumes.get(event) ?? { total: 0, days: days.map(() => 0) }
    volumes.set(event, volume)
    volume.total += events
    const place = places.get(day)
    if (place !== undefined) volume.days[place] = (volume.days[place] ?? 0) + events
  }
  return volumes
}

/** A line through the days in a box of 100 by 24, the most at its top. */
export function sparkPath(days: readonly number[]): string {
  const most = Math.max(1, ...days)
  const step = 100 / Math.max(1, days.length - 1)
  return days
    .map((value, index) => `${index === 0 ? 'M' : 'L'}${(index * step).toFixed(1)} ${(23 - (value / most) * 22).toFixed(1)}`)
    .join('')
}
