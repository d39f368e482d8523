import type { FlagFilters } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { applyScheduledChange } from '../manage/scheduled-change.ts'
import { flagStatus } from '../manage/status.ts'
import { readCases } from './read-cases.fixture.ts'

interface StatusCase {
  name: string
  now: string
  flag: {
    active: boolean
    archived: boolean
    deleted: boolean
    created_at: string
    last_called_at: string | null
    filters: FlagFilters
  }
  status: string
}

test.each(readCases<StatusCase>('status').map((given) => [given.name, given] as const))('%s', (_, { now, flag, status }) => {
  const { created_at: createdAt, last_called_at: lastCalledAt, ...rest } = flag
  const life = { ...rest, createdAtMs: Date.parse(createdAt), lastCalledAtMs: lastCalledAt === null ? undefined : Date.parse(lastCalledAt) }
  expect(flagStatus(life, Date.parse(now)).status).toBe(status)
})

interface ScheduledCase {
  name: string
  flag: { active: boolean; filters: FlagFilters }
  payload: object
  outcome: { error: string } | { active: boolean; filters: FlagFilters }
}

test.each(readCases<ScheduledCase>('scheduled-changes').map((given) => [given.name, given] as const))('%s', (_, given) => {
  const outcome = applyScheduledChange(given.flag, given.payload)
  if ('error' in given.outcome) {
    expect(outcome).toMatchObject({ kind: 'refused', code: given.outcome.error })
    return
  }
  expect(outcome.kind).toBe('changed')
  const changed = { ...given.flag, ...(outcome.kind === 'changed' ? outcome.change : {}) }
  expect(changed.active).toBe(given.outcome.active)
  expect(changed.filters).toMatchObject(given.outcome.filters)
  expect(Object.keys(changed.filters.payloads ?? {})).toEqual(Object.keys(given.outcome.filters.payloads ?? {}))
})
