import { checkOut, lookAtPlans, work } from './app-session.ts'
import { type Calendar, hourMs, startOfSession } from './calendar.ts'
import type { Channel } from './catalogue.ts'
import { pricingExperiment } from './effects.ts'
import { playMobileSession } from './mobile-session.ts'
import { callOnboardingFlag, playOnboarding } from './onboarding.ts'
import { activity, type Person } from './population.ts'
import type { Emit } from './sdk-event.ts'
import { type Account, companyProperties, openAccount, playApiDay, renew, subscribe } from './server-events.ts'
import { browseSite, signupPage } from './visitor.ts'
import { personProperties, startWebSession, type WebSession } from './web-session.ts'

const joinPage = ['/join', 'Join your team – Meadow'] as const
const directChannel: Channel = { referrer: '$direct' }

/** Plays somebody's day; to be called with ascending days. */
export type Life = (day: number, emit: Emit) => void

export function createLife(person: Person, calendar: Calendar): Life {
  const { random, onboarding, pricing, subscription } = person
  const signedInOn = new Set<string>()
  let completedSteps = 0
  let isKnown = !person.existing
  let freeFromMs = Number.NEGATIVE_INFINITY
  let account: Account | undefined
  let isExposedToPricing = false

  /** Sessions of one person never overlap, whatever device they are on. */
  function nextStartMs(day: number): number {
    return Math.max(startOfSession(calendar, day, person.place.utcOffsetHours, random), freeFromMs + hourMs / 2)
  }

  function open(day: number, emit: Emit): WebSession {
    const owned = person.web.filter((device) => device.fromDay <= day)
    const device = owned.length > 1 && random.chance(0.3) ? (owned[1] ?? person.web[0]) : person.web[0]
    const signedIn = person.existing || signedInOn.has(device.anonymousId)
    const isFirst = day <= person.signupDay
    const session = startWebSession({
      identity: signedIn ? { distinctId: person.id, person } : { distinctId: device.anonymousId },
      device,
      place: person.place,
      channel: isFirst ? person.channel : directChannel,
      startMs: nextStartMs(day),
      random,
      emit,
    })
    if (!signedIn && !isFirst) signIn(session)
    if (!isKnown && signedIn) introduce(session)
    signedInOn.add(device.anonymousId)
    return session
  }

  function close(session: WebSession): void {
    session.close()
    freeFromMs = session.atMs
  }

  function signIn(session: WebSession): void {
    session.open('/login', 'Sign in – Meadow')
    session.identify(person)
    session.capture('signed_in', { method: 'email' })
  }

  /** Customers of old are signed in already: their app tells of them what it knows. */
  function introduce(session: WebSession): void {
    isKnown = true
    const plan = account ? { plan: account.plan } : {}
    session.setPerson({ ...personProperties(person), ...plan, signed_up_at: new Date(calendar.dayStartMs(person.signupDay)).toISOString() })
    if (person.role === 'owner' && person.company) session.groupIdentify({ ...companyProperties(person.company), ...plan })
  }

  function visitBeforehand(day: number, emit: Emit): void {
    const session = startWebSession({
      identity: { distinctId: person.web[0].anonymousId },
      device: person.web[0],
      place: person.place,
      channel: person.channel,
      startMs: nextStartMs(day),
      random,
      emit,
    })
    browseSite(session, random)
    close(session)
  }

  function signUp(day: number, emit: Emit): WebSession {
    const invited = person.role === 'teammate'
    const session = open(day, emit)
    if (!invited) browseSite(session, random)
    const [path, title] = invited ? joinPage : signupPage
    session.open(path, title)
    session.pass(25_000)
    session.identify(person, { signed_up_at: new Date(session.atMs).toISOString() })
    session.capture('signed_up', {
      method: invited ? 'invitation' : random.weighted([['email', 55] as const, ['google', 45] as const]),
      plan: 'free',
    })
    if (invited) return session
    if (person.company) session.groupIdentify(companyProperties(person.company))
    if (onboarding.exposed) callOnboardingFlag(session, person)
    completedSteps = playOnboarding(session, person, day, 0)
    return session
  }

  function lookAtPlansOf(day: number, session: WebSession, emit: Emit): void {
    if (!pricing) return
    lookAtPlans(session)
    if (!isExposedToPricing) {
      isExposedToPricing = true
      session.capture('$experiment_started', { $experiment_name: pricingExperiment.name, $experiment_variant: pricing.variant })
    }
    const buys = subscription?.day === day
    if (!buys && !(pricing.abandonsCheckout && pricing.day === day)) return
    const { plan, interval, seats } = subscription ?? { plan: 'team', interval: 'month', seats: 3 }
    checkOut(session, { plan, interval, seats })
    if (buys && subscription) account = subscribe(emit, person, subscription, session.atMs)
  }

  function playWeb(day: number, emit: Emit): void {
    const isSignup = day === person.signupDay
    const session = isSignup ? signUp(day, emit) : open(day, emit)
    const finishesLater = !isSignup && day === onboarding.finishDay && person.role === 'owner'
    if (finishesLater) completedSteps = playOnboarding(session, person, day, completedSteps)
    if (pricing?.day === day || (subscription?.day === day && !account)) lookAtPlansOf(day, session, emit)
    const isWorking = !isSignup && !finishesLater
    if (isWorking || onboarding.finishDay === day) work(session, person)
    close(session)
  }

  function playPhone(day: number, emit: Emit): void {
    if (!person.phone) return
    const firstTime = !signedInOn.has(person.phone.anonymousId)
    signedInOn.add(person.phone.anonymousId)
    freeFromMs = playMobileSession({
      person,
      device: person.phone,
      firstTime,
      startMs: nextStartMs(day),
      progress: day / calendar.days,
      emit,
    })
  }

  if (person.existing && subscription && subscription.day < 0) account = openAccount(person, subscription, random.integer(6, 18) * hourMs)

  return (day, emit) => {
    if (day === person.earlierVisitDay && !person.existing) visitBeforehand(day, emit)
    if (day < person.signupDay) return
    const planned = [person.signupDay, onboarding.finishDay, pricing?.day, subscription?.day].includes(day)
    const subscribed = account !== undefined && !account.cancelled
    if (planned || random.chance(activity(person, calendar, day, subscribed))) playWeb(day, emit)
    if (person.phone && person.phone.fromDay <= day && random.chance(activity(person, calendar, day, subscribed) * 0.7))
      playPhone(day, emit)
    if (account) {
      renew(emit, account, calendar, day)
      if (!account.cancelled) playApiDay(emit, person, calendar, day)
    }
  }
}
