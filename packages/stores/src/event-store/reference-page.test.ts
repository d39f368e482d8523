import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { eventStoreMigrations } from '../migrations/event-store/migrate.ts'
import { eventStoreLimits } from './limits.ts'
import { eventStoreTables } from './rows.ts'
import { sessionProperties } from './session-properties.ts'

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

const entryColumns = new Set(statements.flatMap((text) => text.match(/\bentry_\w+/g) ?? []))

it.each([...sessionProperties, ...entryColumns])('the reference page names %s, which sessions keep', (name) => {
  expect(page).toContain(`\`${name}\``)
})
