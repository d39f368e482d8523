import { type Calendar, startOfSession } from './calendar.ts'
import * as catalogue from './catalogue.ts'
import type { Device } from './population.ts'
import type { Random } from './random.ts'
import type { Emit } from './sdk-event.ts'
import { startWebSession, type WebSession } from './web-session.ts'

/** Somebody who looks at the site and never signs up: no person is ever made for them. */
export interface Visitor {
  device: Device<catalogue.Browser>
  place: catalogue.Place
  channel: catalogue.Channel
  /** Days of their visits, ascending. */
  days: number[]
  random: Random
}

const pages = [
  ['/', 'Meadow – boards and documents for small teams', 46],
  ['/features', 'Features – Meadow', 14],
  ['/templates', 'Templates – Meadow', 12],
  ['/pricing', 'Pricing – Meadow', 14],
  ['/blog/running-a-calm-retro', 'Running a calm retro – Meadow', 8],
  ['/customers', 'Customers – Meadow', 6],
] as const
const weightedPages = pages.map(([path, title, weight]) => [[path, title] as const, weight] as const)

export const signupPage = ['/signup', 'Sign up – Meadow'] as const

export function createVisitor(random: Random, day: number): Visitor {
  const browsers = random.chance(0.42) ? catalogue.phoneBrowsers : catalogue.desktopBrowsers
  const days = [day]
  if (random.chance(0.18)) days.push(day + 1 + Math.floor(random.exponential(4)))
  return {
    device: { anonymousId: random.uuid(1.7e12 + day * 864e5), hardware: random.weighted(browsers), fromDay: day },
    place: random.weighted(catalogue.places),
    channel: random.weighted(catalogue.channels),
    days,
    random,
  }
}

export function playVisit(visitor: Visitor, calendar: Calendar, day: number, emit: Emit): void {
  const { device, place, channel, random } = visitor
  const startMs = startOfSession(calendar, day, place.utcOffsetHours, random)
  const session = startWebSession({ identity: { distinctId: device.anonymousId }, device, place, channel, startMs, random, emit })
  browseSite(session, random)
  if (random.chance(0.16)) session.open(...signupPage)
  session.close()
}

/** One to a few pages of the public site. */
export function browseSite(session: WebSession, random: Random): void {
  const [first, second] = [random.weighted(weightedPages), random.weighted(weightedPages)]
  session.open(...first)
  if (random.chance(0.35)) {
    session.click({ tag: 'a', text: 'See how it works', classes: ['button', 'button-secondary'], href: second[0] })
    session.open(...second)
  }
}
