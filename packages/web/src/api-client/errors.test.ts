import { expect, test } from 'vitest'
import { ApiError, describeError, errorFromAnswer, isPartMissing, isTransient, unreachable } from './errors.ts'

test.each([
  [{ code: 'invalid_input', detail: 'name: too long', attr: 'name' }, 'invalid_input', 'name: too long', 'name'],
  [
    { code: 'INVALID_EMAIL_OR_PASSWORD', message: 'Invalid email or password' },
    'INVALID_EMAIL_OR_PASSWORD',
    'Invalid email or password',
    undefined,
  ],
  [{ error: 'no' }, 'http_400', 'no', undefined],
  [null, 'http_400', 'The server answered 400.', undefined],
  ['<html>', 'http_400', 'The server answered 400.', undefined],
  [{ detail: 7 }, 'http_400', 'The server answered 400.', undefined],
])('the answer %j is read', (body, code, message, field) => {
  const error = errorFromAnswer(400, '/api/x/', body, null)
  expect([error.code, error.message, error.field]).toEqual([code, message, field])
})

test('a limit says when to come back', () => {
  expect(errorFromAnswer(429, '/', {}, '12').message).toBe('Too many requests. Try again in 12 s.')
})

test.each([
  [0, true, true],
  [401, false, false],
  [404, false, false],
  [422, false, false],
  [429, true, false],
  [500, true, false],
  [503, true, true],
])('status %d: may be retried %s, is retried by itself %s', (status, retryable, transient) => {
  const error = status === 0 ? unreachable('/api/x/') : new ApiError({ status, code: 'c', message: 'm', path: '/api/x/' })
  expect(describeError(error).retryable).toBe(retryable)
  expect(describeError(error).reference).toContain('/api/x/')
  expect(isTransient(error)).toBe(transient)
})

test('a bug of the page is told as such', () => {
  expect(describeError(new TypeError('x is undefined'))).toMatchObject({ title: 'This page failed', cause: 'x is undefined' })
})

test.each([
  'Unable to preload CSS for /assets/face.css',
  'Failed to fetch dynamically imported module: /assets/live.js',
  'error loading dynamically imported module: /assets/live.js',
  'Importing a module script failed.',
])('"%s" means that the page is to be loaded again', (message) => {
  const error = new TypeError(message)
  expect(isPartMissing(error)).toBe(true)
  expect(describeError(error).title).toBe('Please load the page again')
})
