import { afterAll, describe, expect, test } from 'vitest'
import { decideAnswer, detailedText, type FlagDecision, flagsAnswer } from './flag-answers.ts'
import { openSdkApp } from './routes.fixture.ts'

const { app } = await openSdkApp()
afterAll(() => app.close())
const post = (url: string, body: object) => app.inject({ method: 'POST', url, payload: JSON.stringify(body) })
const asked = { token: 'phc_test', distinct_id: 'ann' }
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4/

describe('/flags/ of a project without flags', () => {
  const legacy = { featureFlags: {}, featureFlagPayloads: {}, errorsWhileComputingFlags: false }
  test.each<[string, object]>([
    ['/flags/?v=2', { flags: {}, ...legacy }],
    ['/flags/', { flags: {}, ...legacy }],
    ['/flags/?v=3', { flags: {}, ...legacy }],
    ['/flags?v=2', { flags: {}, ...legacy }],
    ['/flags/?v=1', legacy],
  ])('%s', async (url, expected) => {
    const answer = await post(url, asked)
    expect(answer.statusCode).toBe(200)
    const { requestId, evaluatedAt, ...rest } = answer.json()
    expect(rest).toEqual(expected)
    expect(requestId).toMatch(uuid)
    expect(Math.abs(evaluatedAt - Date.now())).toBeLessThan(60_000)
  })

  test('carries the config when asked', async () => {
    const answer = (await post('/flags/?v=2&config=true', asked)).json()
    expect(answer).toMatchObject({ flags: {}, token: 'phc_test', sessionRecording: false, autocapture_opt_out: false })
    expect((await post('/flags/?v=2', asked)).json()).not.toHaveProperty('supportedCompression')
  })

  test.each<[object, number, string?]>([
    [{ distinct_id: 'a' }, 401, 'missing_api_token'],
    [{ ...asked, token: 'phc_nobody' }, 401, 'invalid_api_token'],
    [{ token: 'phc_test' }, 400, 'missing_distinct_id'],
    [{ token: 'phc_test', distinct_id: null }, 400, 'missing_distinct_id'],
    [{ token: 'phc_test', distinct_id: '' }, 200],
    [{ api_key: 'phc_test', $distinct_id: 7 }, 200],
    [{ $token: 'phc_test', disable_flags: true }, 200],
  ])('%j is %i', async (body, status, code) => {
    const answer = await post('/flags/?v=2', body)
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
  })

  test('GET is empty, HEAD 200', async () => {
    expect((await app.inject({ method: 'GET', url: '/flags/' })).json()).toMatchObject({ flags: {} })
    expect((await app.inject({ method: 'HEAD', url: '/flags/' })).statusCode).toBe(200)
  })
})

describe('/decide/ of a project without flags', () => {
  test.each<[string, unknown]>([
    ['/decide/', []],
    ['/decide/?v=1', []],
    ['/decide/?v=2', {}],
    ['/decide/?v=3&ip=1', {}],
    ['/decide?v=4', {}],
  ])('%s', async (url, featureFlags) => {
    const answer = (await post(url, asked)).json()
    expect(answer).toMatchObject({ featureFlags, supportedCompression: ['gzip', 'gzip-js'], config: { enable_collect_everything: true } })
    expect('flags' in answer).toBe(url.includes('v=4'))
    expect('errorsWhileComputingFlags' in answer).toBe(/v=[34]/.test(url))
  })
})

describe('answers with flags', () => {
  const reason = { code: 'condition_match', condition_index: 0, description: 'Matched condition set 1' }
  const flag = (key: string, enabled: boolean, variant: string | null, payload: string | null): FlagDecision => ({
    key,
    enabled,
    variant,
    reason,
    metadata: { id: 1, version: 1, description: null, payload, has_experiment: false },
  })
  const flags = [flag('on', true, null, '42'), flag('off', false, null, '"x"'), flag('split', true, 'test', null)]
  const result = { flags, errorsWhileComputingFlags: false, requestId: 'r', evaluatedAt: 1 }
  const values = { on: true, off: false, split: 'test' }

  test('version 1 and decide 3 have values and the payloads of what is on', () => {
    const expected = {
      featureFlags: values,
      featureFlagPayloads: { on: '42' },
      errorsWhileComputingFlags: false,
      requestId: 'r',
      evaluatedAt: 1,
    }
    expect(flagsAnswer(1, result)).toEqual(expected)
    expect(decideAnswer(3, result, { a: 1 })).toEqual({ ...expected, a: 1 })
  })

  test('version 2 has every flag in full beside the older maps', () => {
    const answer = flagsAnswer(2, result)
    expect(answer).toMatchObject({ featureFlags: values, featureFlagPayloads: { on: '42' } })
    expect(answer.flags).toEqual({ on: flags[0], off: flags[1], split: flags[2] })
    expect(decideAnswer(4, result, {})).toEqual(answer)
  })

  test.each<[string, object, object | undefined]>([
    ['as it is', {}, undefined],
    ['with the config', {}, { supportedCompression: ['gzip'] }],
    ['of a project that has asked too often', { flags: [], quotaLimited: ['feature_flags'] }, undefined],
    ['with a flag that is called like what every object has', { flags: [flag('__proto__', true, 'a "b"', '"c"')] }, undefined],
    ['with a flag that failed', { flags: [{ ...flag('f', false, null, null), failed: true }], errorsWhileComputingFlags: true }, undefined],
  ])('version 2 is written %s, once and again', (_, more, config) => {
    const given = { ...result, ...more } as typeof result
    const wanted = JSON.stringify(flagsAnswer(2, given, config as never))
    expect(JSON.parse(detailedText(given, config as never))).toEqual(JSON.parse(wanted))
    expect(JSON.parse(detailedText(given, config as never))).toEqual(JSON.parse(wanted))
  })

  test('decide 1 lists and 2 maps what is on', () => {
    expect(decideAnswer(1, result, {})).toEqual({ featureFlags: ['on', 'split'] })
    expect(decideAnswer(2, result, {})).toEqual({ featureFlags: { on: true, split: 'test' } })
  })
})

describe('definitions for servers', () => {
  const paths = ['/flags/definitions', '/api/feature_flag/local_evaluation', '/api/feature_flag/local_evaluation/']
  const get = (url: string, headers: object) =>
    app.inject({ method: 'GET', url: `${url}?token=phc_test&send_cohorts`, headers: { ...headers } })
  const authorization = 'Bearer phs_secret'

  test.each(paths)('%s', async (path) => {
    const answer = await get(path, { authorization })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ flags: [], group_type_mapping: { 0: 'company', 1: 'project' }, cohorts: {} })
    expect(answer.headers.etag).toMatch(/^W\/".+"$/)
    expect(answer.headers['cache-control']).toBe('private, must-revalidate')

    const again = await get(path, { authorization, 'if-none-match': answer.headers.etag })
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', answer.headers.etag])
    expect((await get(path, { authorization, 'if-none-match': 'W/"other"' })).statusCode).toBe(200)

    expect((await get(path, {})).statusCode).toBe(401)
    expect((await get(path, { authorization: 'Bearer phx_unknown' })).statusCode).toBe(401)
    expect((await get(path, { authorization: 'Bearer phx_elsewhere' })).statusCode).toBe(403)
  })

  test('remote config of a flag that does not exist is 404, once allowed', async () => {
    const url = '/api/projects/@current/feature_flags/enc/remote_config'
    expect((await get(url, { authorization })).statusCode).toBe(404)
    expect((await get(`${url}/`, { authorization })).statusCode).toBe(404)
    expect((await get(url, {})).statusCode).toBe(401)
  })
})
