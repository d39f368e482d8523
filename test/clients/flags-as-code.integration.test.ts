import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { cliMain, type Hedgerow, personalKey, projectToken, startHedgerow } from '../harness/hedgerow.ts'

interface Document {
  base: string
  flags: { key: string; name: string; filters: { groups: { rollout_percentage?: number }[] } }[]
}

let hedgerow: Hedgerow
beforeAll(async () => {
  hedgerow = await startHedgerow()
})
afterAll(() => hedgerow?.stop())

const api = '/api/projects/1/feature_flags'
const fileOf = (name: string) => join(hedgerow.dataDir, `${name}.yaml`)
const read = async (file: string) => parse(await readFile(file, 'utf8')) as Document
const write = (file: string, document: Document) => writeFile(file, stringify(document))
const makeFlag = (key: string) =>
  hedgerow.api<{ id: number }>('POST', `${api}/`, { key, filters: { groups: [{ properties: [], rollout_percentage: 100 }] } })
const stored = async () =>
  (await hedgerow.api<{ results: { key: string; version: number }[] }>('GET', `${api}/?order=key`)).results
    .map(({ key, version }) => `${key} ${version}`)
    .sort()

/** `hedgerow flags …` as somebody types it. */
function flags(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, HEDGEROW_PERSONAL_API_KEY: personalKey }
  return new Promise((resolve) => {
    execFile(process.execPath, [cliMain, 'flags', ...args, '--url', hedgerow.url], { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    )
  })
}

test('flags are pulled, planned and applied; the file can be changed and applied again', async () => {
  await makeFlag('first')
  await makeFlag('second')
  const file = fileOf('flags')
  expect(await flags('pull', file)).toEqual({ code: 0, out: `2 flags are in ${file}.\n`, err: '' })
  expect(await flags('plan', file)).toEqual({ code: 0, out: 'Nothing differs.\n', err: '' })

  const document = await read(file)
  for (const flag of document.flags) if (flag.key === 'first') flag.name = 'What it is for'
  document.flags.push({ key: 'third', name: '', filters: { groups: [{ rollout_percentage: 10 }] } })
  await write(file, document)
  const planned = await flags('plan', file)
  expect([planned.code, planned.err]).toEqual([1, ''])
  expect(planned.out).toContain('~ first\n    name: "" → "What it is for"\n')
  expect(planned.out).toContain('+ third\n')
  expect(await stored()).toEqual(['first 1', 'second 1'])

  expect(await flags('apply', file)).toEqual({ ...planned, code: 0 })
  expect(await stored()).toEqual(['first 2', 'second 1', 'third 1'])

  await write(file, { ...(await read(file)), flags: (await read(file)).flags.filter(({ key }) => key !== 'second') })
  expect(await flags('plan', file)).toMatchObject({ code: 0, out: 'Nothing differs.\n' })
  expect((await flags('plan', file, '--prune')).out).toMatch(/^- second\n/)
  expect((await flags('apply', file, '--prune')).code).toBe(0)
  expect(await stored()).toEqual(['first 2', 'third 1'])
})

test('a file of before somebody else changed a flag is refused, and one with a mistake changes nothing', async () => {
  const flag = await makeFlag('contested')
  const file = fileOf('stale')
  await flags('pull', file)
  await hedgerow.api('PATCH', `${api}/${flag.id}/`, { name: 'Changed on its page' })
  const before = await stored()
  const document = await read(file)
  await write(file, { ...document, flags: document.flags.map((each) => ({ ...each, name: 'Changed in the file' })) })
  expect(await flags('plan', file)).toMatchObject({ code: 1, err: expect.stringContaining('apply will refuse it') })
  const refused = await flags('apply', file)
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.err).toContain(`${hedgerow.url} answered 409: `)
  expect(await stored()).toEqual(before)

  await flags('pull', file)
  const fresh = await read(file)
  const wrong = { key: 'wrong', name: '', filters: { groups: [{ rollout_percentage: 101 }] } }
  await write(file, { ...fresh, flags: [...fresh.flags.map((each) => ({ ...each, name: 'Half' })), wrong] })
  expect((await flags('plan', file)).err).toContain('rollout_percentage')
  const mistaken = await flags('apply', file)
  expect(mistaken.code).toBe(1)
  expect(mistaken.err).toContain('rollout_percentage')
  expect(await stored()).toEqual(before)
})

test('flags are explained, for somebody in a group, now and before there was a flag', async () => {
  const before = new Date().toISOString()
  const batch = [{ event: '$groupidentify', distinct_id: 'g', properties: { $group_type: 'company', $group_key: 'acme' } }]
  await fetch(`${hedgerow.url}/batch/`, { method: 'POST', body: JSON.stringify({ api_key: projectToken, batch }) })
  await hedgerow.settled()
  const filters = { aggregation_group_type_index: 0, groups: [{ properties: [], rollout_percentage: 100 }] }
  await hedgerow.api('POST', `${api}/`, { key: 'of-companies', filters })
  const line = async (...more: string[]) =>
    (await flags('explain', 'ann', ...more)).out.split('\n').find((each) => each.startsWith('of-companies'))
  expect(await line()).toBe('of-companies (version 1): false, No group type')
  expect(await line('--groups', '{"company": "acme"}')).toBe('of-companies (version 1): true, Matched condition set 1')
  expect(await line('--at', before)).toBeUndefined()
  expect(await flags('explain', 'ann', '--groups', 'company=acme')).toMatchObject({
    code: 2,
    err: expect.stringContaining('{"company": "acme"}'),
  })
})

test('what cannot be read, or reached, is said', async () => {
  const file = fileOf('broken')
  await writeFile(file, 'flags: [')
  expect(await flags('plan', file)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`${file} cannot be read as YAML`) })
  await writeFile(file, 'base: "1"')
  expect(await flags('plan', file)).toMatchObject({ code: 2, err: expect.stringContaining('has no list of flags') })
  await rm(file)
  expect((await flags('plan', file)).code).toBe(2)
  expect(await flags('pull', file, '--project', '4711')).toMatchObject({ code: 1, err: expect.stringContaining('answered 404') })
})
