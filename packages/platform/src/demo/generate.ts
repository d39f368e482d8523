import { type Calendar, createCalendar } from './calendar.ts'
import { createLife } from './life.ts'
import { createPopulation, signupsPerDay } from './population.ts'
import { createRandom } from './random.ts'
import type { SourcedEvent } from './sdk-event.ts'
import { createVisitor, playVisit, type Visitor } from './visitor.ts'

export interface DemoOptions {
  /** The last event is not later. */
  now: Date
  /** Another seed makes other people; their rates stay. */
  seed?: string
  days?: number
  /** 1 makes about 200 000 events in 90 days. */
  size?: number
}

/**
 * The events of the demo, one list a day, in the order of their days and instants. The same options give the same
 * events, with the same uuids. Only a day is held at a time.
 */
export function* generateDemo({ now, seed = 'meadow', days = 90, size = 1 }: DemoOptions): Generator<SourcedEvent[]> {
  const calendar = createCalendar(now, days)
  const lives = createPopulation(seed, calendar, size).map((person) => createLife(person, calendar))
  const visitors = visitorsByDay(seed, calendar, size)
  for (let day = 0; day < days; day++) {
    const events: SourcedEvent[] = []
    const emit = (event: SourcedEvent) => {
      if (event.atMs <= calendar.nowMs) events.push(event)
    }
    for (const visitor of visitors.get(day) ?? []) playVisit(visitor, calendar, day, emit)
    for (const live of lives) live(day, emit)
    yield events.sort((a, b) => a.atMs - b.atMs)
  }
}

function visitorsByDay(seed: string, calendar: Calendar, size: number): Map<number, Visitor[]> {
  const byDay = new Map<number, Visitor[]>()
  const arrivals = createRandom(`${seed}/visitors`)
  for (let day = 0; day < calendar.days; day++) {
    const count = arrivals.poisson(signupsPerDay(calendar, day) * 4 * size)
    for (let number = 0; number < count; number++) {
      const visitor = createVisitor(createRandom(`${seed}/visitor/${day}/${number}`), day)
      for (const visitDay of visitor.days) byDay.set(visitDay, [...(byDay.get(visitDay) ?? []), visitor])
    }
  }
  return byDay
}
