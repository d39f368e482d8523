import { EventLogUnavailable, EventStoreError } from '@hedgerow/stores'
import { expect, test } from 'vitest'
import { HedgerowError, knownError } from './errors.ts'

const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code })

test.each([
  [new HedgerowError('not_found', 'x'), 'not_found', 404],
  [new EventLogUnavailable('event_log_full', 'full'), 'store_unavailable', 503],
  [new EventStoreError('unreachable', 'x'), 'store_unavailable', 503],
  [new EventStoreError('overloaded', 'x'), 'store_unavailable', 503],
  [new EventStoreError('timeout', 'x'), 'query_timeout', 408],
  [new EventStoreError('memory_limit', 'x'), 'query_too_large', 400],
  [coded('ECONNREFUSED'), 'store_unavailable', 503],
  [coded('57P03', 'the database system is starting up'), 'store_unavailable', 503],
  [coded('53300', 'too many clients'), 'store_unavailable', 503],
  [new Error('Connection terminated unexpectedly'), 'store_unavailable', 503],
  [new Error('timeout exceeded when trying to connect'), 'store_unavailable', 503],
])('%s is answered as %s', (error, code, status) => {
  const known = knownError(error)
  expect(known).toMatchObject({ code, status })
  if (status === 503) expect(known?.retryAfterSeconds).toBe(5)
})

test.each([
  coded('23505', 'duplicate key'),
  coded('42601', 'syntax error'),
  new EventStoreError('bad_query', 'x'),
  new TypeError('x is not a function'),
  'text',
  undefined,
])('%s is a fault of our own', (error) => {
  expect(knownError(error)).toBeUndefined()
})
