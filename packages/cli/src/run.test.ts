import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { runCommandLine } from './run.ts'

let input = ''

async function run(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  const code = await runCommandLine(args, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    write: (text) => err.push(text),
    isInteractive: false,
    read: async () => input,
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

test('without a command, and with --help, the commands are listed', async () => {
  const listed = await run()
  expect(listed.code).toBe(0)
  expect(listed.out).toMatch(/^Usage: hedgerow <command>/)
  expect(await run('--help')).toEqual(listed)
  expect(await run('help')).toEqual(listed)
})

test('--help of a command is the same as help of it', async () => {
  const shown = await run('health', '--help')
  expect(shown).toEqual(await run('help', 'health'))
  expect(shown.out).toContain('--timeout-ms <number>')
})

test.each([
  [['verison'], 'Unknown command "verison". Did you mean "version"?'],
  [['frobnicate'], 'Unknown command "frobnicate". hedgerow help lists them all.'],
  [['help', 'helth'], 'Unknown command "helth". Did you mean "health"?'],
  [['health', '--urll', 'x'], 'Unknown option --urll. Did you mean --url?'],
  [['health', '--url', 'nowhere'], '--url needs an address such as http://127.0.0.1:8000; "nowhere" is none.'],
  [['health', '--timeout-ms', '0'], '--timeout-ms needs a whole number above 0; "0" is none.'],
  [['version', 'x'], 'hedgerow version does not take the argument "x".'],
])('%j is refused with code 2', async (args, message) => {
  expect(await run(...args)).toEqual({ code: 2, out: '', err: message })
})

test('version prints a version, however it is asked for', async () => {
  const printed = await run('version')
  expect(printed.out).toMatch(/^hedgerow \d+\.\d+\.\d+ \(Node\.js \d+\.\d+\.\d+\)$/)
  expect(await run('--version')).toEqual(printed)
})

test('health passes on what the server says', async () => {
  const answer = { status: 200, body: '{"status":"ok"}' }
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/_health' ? answer.status : 404
    response.end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  expect(await run('health', '--url', url)).toEqual({ code: 0, out: '{"status":"ok"}', err: '' })
  answer.status = 503
  expect(await run('health', '--url', url)).toEqual({ code: 1, out: '', err: `${url}/_health answered 503: {"status":"ok"}` })
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect((await run('health', '--url', url)).err).toMatch(/did not answer: (connect ECONNREFUSED|other side closed)/)
})

test('stats reads JSON and prints the answer', async () => {
  input = '{"alpha": 0.05, "sequential_tuning_parameter": 1000}'
  expect(JSON.parse((await run('stats', 'sequential_rho')).out)).toEqual({ rho: expect.closeTo(0.08908509752892, 10) })
  expect((await run('stats', 'nonsense')).code).toBe(2)
  input = '{"type": "mean", "n": 0, "sum": 1, "sum_squares": 1}'
  expect(await run('stats', 'statistic')).toEqual({
    code: 1,
    out: '',
    err: 'sample_size_must_be_positive: The sample size must be more than 0; it is 0',
  })
  input = 'not json'
  expect((await run('stats', 'statistic')).code).toBe(2)
})

test('experiment verify says whether a report holds', async () => {
  input = '{"format": "something else"}'
  const checked = await run('experiment', 'verify', '-')
  expect(checked).toMatchObject({ code: 1, out: 'The report does not hold.' })
  expect(checked.err).toMatch(/^This is no report of an experiment/)
  expect((await run('experiment', 'report')).code).toBe(2)
  const unanswered = await run('experiment', 'report', '1', '--url', 'http://127.0.0.1:1', '--key', 'phx_x')
  expect(unanswered).toMatchObject({ code: 1, err: expect.stringMatching(/did not answer/) })
})
