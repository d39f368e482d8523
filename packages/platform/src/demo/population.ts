import { createHash } from 'node:crypto'
import { type Calendar, weekdayFactor } from './calendar.ts'
import * as catalogue from './catalogue.ts'
import {
  type OnboardingVariant,
  onboardingExperiment,
  onboardingLoss,
  onboardingSteps,
  type Plan,
  type PricingVariant,
  pricingExperiment,
  testAccountDomain,
} from './effects.ts'
import { createRandom, type Random } from './random.ts'

export interface Company {
  key: string
  name: string
  domain: string
  industry: string
  employees: number
  place: catalogue.Place
  /** Uses the API from a server of its own from this day on. */
  apiFromDay?: number
}

/** A browser, or an installed app, with the id that the SDK gave it before anyone signed in. */
export interface Device<Hardware> {
  anonymousId: string
  hardware: Hardware
  /** First day on which this person uses it. */
  fromDay: number
}

export interface Subscription {
  /** Day on which it begins; before the demo's days for those who were customers already. */
  day: number
  plan: Exclude<Plan, 'free'>
  interval: 'month' | 'year'
  seats: number
}

/** What will happen to somebody, decided when they first appear. */
export interface Person {
  id: string
  firstName: string
  lastName: string
  email: string
  role: 'owner' | 'teammate' | 'tester'
  jobTitle: string
  company?: Company
  place: catalogue.Place
  channel: catalogue.Channel
  signupDay: number
  /** They looked at the site before the day on which they signed up. */
  earlierVisitDay?: number
  /** Their first days lie before the demo's. */
  existing: boolean
  habit: 'light' | 'regular' | 'power'
  /** After this many days with the product they nearly stop. */
  staysDays: number
  web: [Device<catalogue.Browser>, ...Device<catalogue.Browser>[]]
  phone?: Device<catalogue.Phone>
  onboarding: { variant: OnboardingVariant; exposed: boolean; finishDay?: number; missedStep?: (typeof onboardingSteps)[number] }
  pricing?: { variant: PricingVariant; day: number; abandonsCheckout: boolean }
  subscription?: Subscription
  random: Random
}

/** Owners, teammates, customers of old and testers, in the order in which they sign up. */
export function createPopulation(seed: string, calendar: Calendar, size: number): Person[] {
  const people: Person[] = []
  const arrivals = createRandom(`${seed}/arrivals`)
  for (let number = 0; number < Math.round(250 * size); number++) {
    const owner = createOwner(`${seed}/existing/${number}`, calendar, -arrivals.integer(5, 240), true)
    people.push(owner, ...teammates(owner, calendar))
  }
  for (let number = 0; number < Math.max(2, Math.round(6 * Math.sqrt(size))); number++)
    people.push(createTester(`${seed}/tester/${number}`))
  for (let day = 0; day < calendar.days; day++) {
    const count = arrivals.poisson(signupsPerDay(calendar, day) * size)
    for (let number = 0; number < count; number++) {
      const owner = createOwner(`${seed}/signup/${day}/${number}`, calendar, day, false)
      people.push(owner, ...teammates(owner, calendar))
    }
  }
  return people.sort((a, b) => a.signupDay - b.signupDay || (a.id < b.id ? -1 : 1))
}

/** A product that grows by about 1.2 % a day. */
export function signupsPerDay(calendar: Calendar, day: number): number {
  return 19 * 1.0115 ** day * weekdayFactor(calendar, day)
}

function createOwner(seed: string, calendar: Calendar, day: number, existing: boolean): Person {
  const random = createRandom(seed)
  const place = random.weighted(catalogue.places)
  const company = random.chance(0.76) ? createCompany(random, place) : undefined
  const person = createPerson(random, { role: 'owner', day, existing, place, ...(company ? { company } : {}) })
  decideOnboarding(person)
  if (existing) {
    if (random.chance(0.5)) person.subscription = createSubscription(random, person, day + random.integer(0, 14), 0.3)
  } else {
    decidePricing(person, calendar)
  }
  if (company && person.subscription && random.chance(0.4))
    company.apiFromDay = Math.max(0, person.subscription.day + random.integer(1, 10))
  return person
}

function createCompany(random: Random, place: catalogue.Place): Company {
  const name = random.pick(catalogue.companyFirstWords) + random.pick(catalogue.companySecondWords)
  const [least, most] = random.weighted<readonly [number, number]>(catalogue.companySizes)
  const number = random.integer(100, 999)
  return {
    key: `company_${name.toLowerCase()}_${number}`,
    name,
    domain: `${name.toLowerCase()}${number}.example`,
    industry: random.weighted(catalogue.industries),
    employees: random.integer(least, most),
    place,
  }
}

interface Beginnings {
  role: Person['role']
  day: number
  existing: boolean
  place: catalogue.Place
  company?: Company
}

function createPerson(random: Random, { role, day, existing, place, company }: Beginnings): Person {
  const [firstName, lastName] = [random.pick(catalogue.firstNames), random.pick(catalogue.lastNames)]
  const id = `user_${random.uuid(0).slice(19).replaceAll('-', '')}`
  const domain = role === 'tester' ? testAccountDomain : (company?.domain ?? 'mailbox.example')
  const firstBrowser = role !== 'teammate' && random.chance(0.14) ? catalogue.phoneBrowsers : catalogue.desktopBrowsers
  const device = <Hardware>(hardware: Hardware, fromDay: number) => ({
    anonymousId: random.uuid(1.7e12 + fromDay * 864e5),
    hardware,
    fromDay,
  })
  const web: Person['web'] = [device(random.weighted(firstBrowser), day)]
  if (random.chance(0.26)) web.push(device(random.weighted(catalogue.desktopBrowsers), day + 1 + Math.floor(random.exponential(9))))
  const phone = random.chance(0.36) ? { phone: device(random.weighted(catalogue.phones), day + 1 + Math.floor(random.exponential(5))) } : {}
  return {
    id,
    firstName,
    lastName,
    email: `${plain(firstName)}.${plain(lastName)}.${id.slice(-4)}@${domain}`,
    role,
    jobTitle: random.weighted([
      ['product manager', 26],
      ['designer', 18],
      ['engineer', 20],
      ['marketer', 16],
      ['founder', 12],
      ['operations', 8],
    ]),
    ...(company ? { company } : {}),
    place,
    channel: random.weighted(catalogue.channels),
    signupDay: day,
    existing,
    habit: random.weighted([
      ['light', 52],
      ['regular', 36],
      ['power', 12],
    ]),
    staysDays: random.exponential(existing ? 400 : 70),
    web,
    ...phone,
    ...(role === 'owner' && random.chance(0.38) ? { earlierVisitDay: day - 1 - Math.floor(random.exponential(2.5)) } : {}),
    onboarding: { variant: 'control', exposed: false },
    random,
  }
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '')
}

function decideOnboarding(person: Person): void {
  const { random, id, signupDay, existing } = person
  const exposed = !existing && signupDay >= onboardingExperiment.firstDay
  const variant = exposed ? flagVariant(onboardingExperiment.flagKey, id) : 'control'
  const activated = existing || random.chance(onboardingExperiment.activationRate[variant])
  person.onboarding = { variant, exposed }
  if (activated) {
    person.onboarding.finishDay = signupDay + random.weighted([[0, 82] as const, [1, 11] as const, [2, 4] as const, [3, 3] as const])
  } else {
    person.onboarding.missedStep = random.weighted(onboardingSteps.map((step) => [step, onboardingLoss[step]] as const))
  }
}

/** The variant that evaluating the flag gives, half and half: the same hash as the SDKs and the flags endpoint use. */
function flagVariant(flagKey: string, distinctId: string): OnboardingVariant {
  const digest = createHash('sha1').update(`${flagKey}.${distinctId}variant`).digest('hex')
  return Number.parseInt(digest.slice(0, 15), 16) / 2 ** 60 < 0.5 ? 'control' : 'test'
}

function decidePricing(person: Person, calendar: Calendar): void {
  const { random, onboarding, signupDay } = person
  if (!random.chance(onboarding.finishDay === undefined ? 0.35 : 0.82)) return
  const earliest = onboarding.finishDay ?? signupDay
  const day = earliest + Math.min(12, Math.floor(random.exponential(2.5)))
  const variant = random.pick(pricingExperiment.variants)
  person.pricing = { variant, day, abandonsCheckout: random.chance(0.12) }
  if (!random.chance(pricingExperiment.subscriptionRate[variant])) return
  const delay = Math.min(pricingExperiment.subscriptionWithinDays - 2, Math.floor(random.exponential(3)))
  const annualShare = variant === 'annual-first' ? 0.6 : 0.25
  person.subscription = createSubscription(random, person, day + delay, annualShare)
  person.staysDays = Math.max(person.staysDays, calendar.days / 3)
}

function createSubscription(random: Random, person: Person, day: number, annualShare: number): Subscription {
  const employees = person.company?.employees ?? 1
  const plan = random.weighted<Subscription['plan']>([
    ['starter', employees > 50 ? 10 : 58],
    ['team', 36],
    ['business', employees > 50 ? 40 : 6],
  ])
  const seats = Math.max(1, Math.min(60, Math.round(employees * (0.1 + random.uniform() * 0.4))))
  return { day, plan, interval: random.chance(annualShare) ? 'year' : 'month', seats }
}

function teammates(owner: Person, calendar: Calendar): Person[] {
  const { company, random, onboarding } = owner
  if (!company || onboarding.finishDay === undefined) return []
  const most = Math.min(12, Math.max(1, Math.floor(company.employees / 4)))
  const count = Math.min(most, random.poisson(owner.subscription ? 2.4 : 0.8))
  const mates = Array.from({ length: count }, (_, number) => {
    const day = (onboarding.finishDay ?? 0) + Math.floor(random.exponential(6))
    const mate = createPerson(createRandom(`${owner.id}/teammate/${number}`), {
      role: 'teammate',
      day,
      existing: owner.existing && day < 0,
      place: random.chance(0.8) ? owner.place : random.weighted(catalogue.places),
      company,
    })
    mate.onboarding.finishDay = day
    mate.staysDays = Math.max(mate.staysDays, owner.subscription ? calendar.days / 3 : 0)
    return mate
  })
  return mates.filter((mate) => mate.signupDay < calendar.days)
}

function createTester(seed: string): Person {
  const random = createRandom(seed)
  const person = createPerson(random, { role: 'tester', day: -200, existing: true, place: random.weighted(catalogue.places) })
  // They see the experiments' newest variants and buy at once: whoever forgets to filter them out gets another answer.
  const pricing = { variant: 'annual-first', day: 3 + random.integer(0, 20), abandonsCheckout: false } as const
  return {
    ...person,
    habit: 'power',
    staysDays: Number.POSITIVE_INFINITY,
    onboarding: { variant: 'test', exposed: true, finishDay: -200 },
    pricing,
    subscription: { day: pricing.day, plan: 'business', interval: 'year', seats: 50 },
  }
}

/** How likely somebody is to use the product on a day that is not planned for them already. */
export function activity(person: Person, calendar: Calendar, day: number, subscribed: boolean): number {
  const age = day - person.signupDay
  const weekday = weekdayFactor(calendar, day)
  if (person.onboarding.finishDay === undefined) return weekday * (0.16 * Math.exp(-age / 2.5) + 0.004)
  const floor = { light: 0.05, regular: 0.17, power: 0.5 }[person.habit]
  const stayed = age <= person.staysDays ? 1 : 0.08
  return weekday * stayed * Math.min(0.85, floor + 0.38 * Math.exp(-age / 5) + (subscribed ? 0.14 : 0))
}
