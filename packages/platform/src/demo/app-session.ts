import * as catalogue from './catalogue.ts'
import type { Person } from './population.ts'
import type { WebSession } from './web-session.ts'

const boardsPage = ['/app/boards', 'Boards – Meadow'] as const
const plansPage = ['/app/plans', 'Plans – Meadow'] as const

type Deed = 'create' | 'open' | 'share' | 'export' | 'comment' | 'search' | 'invite'
const deeds: readonly (readonly [Deed, number])[] = [
  ['create', 28],
  ['open', 26],
  ['comment', 16],
  ['share', 11],
  ['search', 9],
  ['export', 7],
  ['invite', 3],
]

/** An ordinary visit to the app by somebody who is signed in. */
export function work(session: WebSession, person: Person): void {
  const { random } = person
  session.open(...boardsPage)
  const count = { light: 1 + random.poisson(1), regular: 1 + random.poisson(2.2), power: 2 + random.poisson(3.6) }[person.habit]
  for (let number = 0; number < count; number++) doSomething(session, person, random.weighted(deeds))
}

function doSomething(session: WebSession, person: Person, deed: Deed): void {
  const { random } = person
  const item = { item_type: random.weighted(catalogue.itemTypes), item_id: random.uuid(session.atMs) }
  switch (deed) {
    case 'create':
      createItem(session, person)
      break
    case 'open':
      session.open(`/app/items/${random.integer(1_000, 9_999)}`, 'Item – Meadow')
      break
    case 'comment':
      session.capture('comment_added', { ...item, source: 'web', length: random.integer(4, 400) })
      break
    case 'share':
      if (random.chance(0.5)) session.click({ tag: 'button', text: 'Share', classes: ['button', 'toolbar-share'] })
      session.capture('item_shared', {
        ...item,
        channel: random.weighted(catalogue.shareChannels),
        recipients: 1 + random.poisson(1.2),
      })
      break
    case 'search':
      session.capture('search_performed', { query_length: random.integer(2, 24), results: random.poisson(6) })
      break
    case 'export':
      if (random.chance(0.5)) session.click({ tag: 'button', text: 'Export', classes: ['button', 'toolbar-export'] })
      session.capture('item_exported', {
        ...item,
        format: random.weighted(catalogue.exportFormats),
        rows: Math.ceil(random.exponential(120)),
        duration_ms: Math.round(150 + random.exponential(900)),
      })
      break
    case 'invite':
      if (person.company) session.capture('teammate_invited', { count: 1 + random.poisson(0.6), from: 'settings' })
      break
  }
}

export function createItem(session: WebSession, { random }: Person): void {
  if (random.chance(0.4)) session.click({ tag: 'button', text: 'New item', classes: ['button', 'button-primary', 'new-item'] })
  session.capture('item_created', {
    item_type: random.weighted(catalogue.itemTypes),
    item_id: random.uuid(session.atMs),
    source: 'web',
    from_template: random.chance(0.3),
  })
}

export function lookAtPlans(session: WebSession): void {
  session.open(...plansPage)
  session.capture('plans_viewed')
}

/** Goes as far as the payment, which the server reports. */
export function checkOut(session: WebSession, terms: { plan: string; interval: string; seats: number }): void {
  session.click({ tag: 'button', text: `Choose ${terms.plan}`, classes: ['button', 'button-primary', 'plan-choose'] })
  session.capture('plan_selected', terms)
  session.open('/app/checkout', 'Checkout – Meadow')
  session.capture('checkout_started', terms)
  session.pass(40_000)
}
