import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { foundation } from '../migrations/event-store/0001-foundation.ts'
import { eventStoreMigrations } from '../migrations/event-store/migrate.ts'
import { eventStoreLimits } from './limits.ts'
import { eventStoreTables } from './rows.ts'

const statements = eventStoreMigrations.flatMap((migration) => migration.statements({ kind: 'single' }))
const page = readFileSync(new URL('../../../../docs/reference/event-store.md', import.meta.url), 'utf8')

it.each(Object.keys(eventStoreLimits))('the reference page has a row for the limit %s', (name) => {
  expect(page).toMatch(new RegExp(`^\\| \`${name}\` .*\\|.{10,}\\|$`, 'm'))
})

it.each(Object.values(eventStoreTables))('the reference page says in which order %s is kept', (name) => {
  const statement = statements.find((text) => text.startsWith(`CREATE TABLE IF NOT EXISTS ${name} (`))
  const order = /ORDER BY \((.*)\)\n/.exec(statement ?? '')?.[1]
  expect(page).toMatch(new RegExp(`^\\| \`${name}\` *\\|.*\\| \`${order?.replace(/[()]/g, '\\$&')}\` *\\|`, 'm'))
})

it('the reference page names the keys of the session maps', () => {
  const view = foundation({ kind: 'single' }).at(-1) ?? ''
  const keys = [...view.matchAll(/'(\w+)', (?:ifNull|distinct_id|toString)/g)].map(([, key]) => key)
  expect(keys.length).toBeGreaterThan(25)
  for (const key of keys) expect(page).toMatch(new RegExp(`\\b${key}\\b`))
})
