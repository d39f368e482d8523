import { type Calendar, dayMs, hourMs, weekdayFactor } from './calendar.ts'
import { itemTypes } from './catalogue.ts'
import { type Plan, planPrices, subscriptionChange } from './effects.ts'
import type { Company, Person, Subscription } from './population.ts'
import type { Emit } from './sdk-event.ts'

const plans = ['starter', 'team', 'business'] as const
type PaidPlan = (typeof plans)[number]

/** A subscription as it stands; changes from month to month. */
export interface Account {
  person: Person
  plan: PaidPlan
  interval: Subscription['interval']
  seats: number
  firstDay: number
  /** Time of day at which it is billed. */
  billedAtMs: number
  cancelled: boolean
}

/** What posthog-node sends from the product's own servers: no browser, no place, groups by hand. */
function captureOnServer(emit: Emit, person: Person, event: string, atMs: number, properties: Record<string, unknown>): void {
  emit({
    source: 'server',
    uuid: person.random.uuid(atMs),
    event,
    distinctId: person.id,
    atMs,
    properties: {
      $lib: 'posthog-node',
      $lib_version: '5.70.0',
      $is_server: true,
      $geoip_disable: true,
      ...(person.company ? { $groups: { company: person.company.key } } : {}),
      ...properties,
    },
  })
}

/** The first payment, a moment after the checkout. */
export function subscribe(emit: Emit, person: Person, subscription: Subscription, atMs: number): Account {
  const account = openAccount(person, subscription, atMs % dayMs)
  captureOnServer(emit, person, 'subscription_started', atMs, { ...terms(account), $set: { plan: account.plan } })
  payInvoice(emit, account, atMs + 1_500)
  describeCompany(emit, account, atMs + 2_000)
  return account
}

/** An account that began before the demo's days. */
export function openAccount(person: Person, { plan, interval, seats, day }: Subscription, billedAtMs: number): Account {
  return { person, plan, interval, seats, firstDay: day, billedAtMs, cancelled: false }
}

/** On each monthly anniversary: perhaps a change of plan or the end, else the next payment. */
export function renew(emit: Emit, account: Account, calendar: Calendar, day: number): void {
  const age = day - account.firstDay
  if (account.cancelled || age <= 0 || age % 30 !== 0) return
  const { person } = account
  const atMs = calendar.dayStartMs(day) + account.billedAtMs
  const change = person.random.weighted([
    ['cancelled', subscriptionChange.cancelled],
    ['upgraded', subscriptionChange.upgraded],
    ['downgraded', subscriptionChange.downgraded],
    ['kept', 1 - subscriptionChange.cancelled - subscriptionChange.upgraded - subscriptionChange.downgraded],
  ] as const)
  if (change === 'cancelled') {
    account.cancelled = true
    const reason = person.random.weighted([
      ['too expensive', 34] as const,
      ['not used enough', 38] as const,
      ['missing a feature', 18] as const,
      ['other tool', 10] as const,
    ])
    captureOnServer(emit, person, 'subscription_cancelled', atMs, { ...terms(account), reason, months: age / 30, $set: { plan: 'free' } })
    describeCompany(emit, account, atMs + 500)
    return
  }
  if (change !== 'kept') changePlan(emit, account, change, atMs)
  if (account.interval === 'month' || age % 360 === 0) payInvoice(emit, account, atMs + 2_000)
}

function changePlan(emit: Emit, account: Account, change: 'upgraded' | 'downgraded', atMs: number): void {
  const before = { previous_plan: account.plan, previous_seats: account.seats, previous_mrr: monthlyRevenue(account) }
  const next = plans[plans.indexOf(account.plan) + (change === 'upgraded' ? 1 : -1)]
  if (next && account.person.random.chance(0.6)) account.plan = next
  else
    account.seats =
      change === 'upgraded' ? account.seats + 1 + Math.ceil(account.seats * 0.3) : Math.max(1, Math.floor(account.seats * 0.7))
  captureOnServer(emit, account.person, `subscription_${change}`, atMs, { ...terms(account), ...before, $set: { plan: account.plan } })
  describeCompany(emit, account, atMs + 500)
}

function payInvoice(emit: Emit, account: Account, atMs: number): void {
  // Ten months' price for a year.
  const revenue = planPrices[account.plan] * account.seats * (account.interval === 'year' ? 10 : 1)
  captureOnServer(emit, account.person, 'invoice_paid', atMs, { ...terms(account), revenue, currency: 'USD' })
}

function monthlyRevenue({ plan, seats, interval }: Account): number {
  return Math.round(planPrices[plan] * seats * (interval === 'year' ? 10 / 12 : 1) * 100) / 100
}

function terms(account: Account): Record<string, unknown> {
  return { plan: account.plan, interval: account.interval, seats: account.seats, mrr: monthlyRevenue(account) }
}

function describeCompany(emit: Emit, account: Account, atMs: number): void {
  const { person, cancelled } = account
  if (!person.company) return
  const plan: Plan = cancelled ? 'free' : account.plan
  captureOnServer(emit, person, '$groupidentify', atMs, {
    $group_type: 'company',
    $group_key: person.company.key,
    $group_set: { plan, mrr: cancelled ? 0 : monthlyRevenue(account), seats: cancelled ? 0 : account.seats },
  })
}

/** What a company knows of itself when its workspace is made. */
export function companyProperties(company: Company): Record<string, unknown> {
  const { employees } = company
  return {
    name: company.name,
    industry: company.industry,
    employees,
    size: employees <= 10 ? '1-10' : employees <= 50 ? '11-50' : employees <= 200 ? '51-200' : employees <= 1_000 ? '201-1000' : '1000+',
    country: company.place.country,
    domain: company.domain,
    plan: 'free',
  }
}

/** A customer's own server, which makes and exports items through the API, mostly at night. */
export function playApiDay(emit: Emit, owner: Person, calendar: Calendar, day: number): void {
  const { company, random } = owner
  if (company?.apiFromDay === undefined || day < company.apiFromDay) return
  const nightlyMs = calendar.dayStartMs(day) + 2 * hourMs + random.integer(0, 600_000)
  for (let count = random.poisson(1 + 2.4 * weekdayFactor(calendar, day)); count > 0; count--) {
    const atMs = random.chance(0.6) ? nightlyMs + random.integer(0, 90_000) : calendar.dayStartMs(day) + random.integer(0, dayMs - 1)
    const status = random.weighted([[200, 94] as const, [429, 4] as const, [500, 2] as const])
    captureOnServer(emit, owner, 'api_request', atMs, {
      endpoint: random.weighted([['POST /items', 55] as const, ['GET /items', 30] as const, ['GET /export', 15] as const]),
      status,
      duration_ms: Math.round(20 + random.exponential(80)),
    })
    if (status === 200 && random.chance(0.35)) {
      captureOnServer(emit, owner, 'item_created', atMs + 40, {
        item_type: random.weighted(itemTypes),
        item_id: random.uuid(atMs),
        source: 'api',
      })
    }
  }
}
