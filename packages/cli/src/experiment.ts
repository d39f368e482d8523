import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { verifyReport } from '@hedgerow/platform'
import { callApi } from './call-api.ts'
import { type Command, type OptionValues, type Terminal, UsageError } from './command.ts'

export const experimentCommand: Command = {
  name: 'experiment',
  summary:
    'an experiment’s result as a file, and its check: hedgerow experiment report 7 > report.json; hedgerow experiment verify report.json',
  description:
    'report asks a running Hedgerow for definitions, the data’s moment, sums and results of an experiment. verify computes the results again from the sums, without a server, and says whether the report holds; the exit code is 1 if it does not. With --url, verify also asks the server for the same moment again and compares.',
  options: [
    { flag: 'url', kind: 'text', placeholder: 'address', help: 'where Hedgerow runs', defaultText: 'http://127.0.0.1:8000' },
    { flag: 'key', kind: 'text', placeholder: 'phx_…', help: 'a personal API key', env: 'HEDGEROW_PERSONAL_API_KEY' },
    { flag: 'project', kind: 'text', placeholder: 'id', help: 'the project', defaultText: '1' },
    { flag: 'as-of', kind: 'text', placeholder: 'time', help: 'of report: the moment that stands for now, ISO 8601' },
  ],
  maxArguments: 2,
  async run(values, [action, argument], terminal) {
    if (action === 'report' && argument !== undefined) return report(argument, values, terminal)
    if (action === 'verify' && argument !== undefined) return verify(argument, values, terminal)
    throw new UsageError('hedgerow experiment needs "report ID" or "verify FILE".')
  },
}

const path = (values: OptionValues, id: string | number, asOf: string | undefined) =>
  `/api/projects/${encodeURIComponent(String(values.project ?? '1'))}/experiments/${encodeURIComponent(id)}/report/${asOf ? `?as_of=${encodeURIComponent(asOf)}` : ''}`

async function report(id: string, values: OptionValues, terminal: Terminal): Promise<number> {
  const answer = await callApi(values, 'GET', path(values, id, values['as-of'] as string | undefined))
  if (!answer.ok) {
    terminal.err(answer.problem)
    return 1
  }
  terminal.out(JSON.stringify(answer.body, undefined, 2))
  return 0
}

async function verify(file: string, values: OptionValues, terminal: Terminal): Promise<number> {
  const given = await readJson(file, terminal)
  const { problems } = verifyReport(given)
  if (problems.length === 0 && values.url !== undefined) problems.push(...(await compareWithServer(given, values)))
  for (const problem of problems) terminal.err(problem)
  terminal.out(problems.length === 0 ? 'The report holds.' : 'The report does not hold.')
  return problems.length === 0 ? 0 : 1
}

/** What of a report another one of the same moment must have too. */
const comparedParts = ['definition', 'settings', 'baseline_variant_key', 'started_at', 'ended_at', 'exposures', 'metrics'] as const

async function compareWithServer(given: unknown, values: OptionValues): Promise<string[]> {
  const { experiment, as_of: asOf } = given as { experiment: { id: number }; as_of: string }
  const answer = await callApi(values, 'GET', path(values, experiment.id, asOf))
  if (!answer.ok) return [answer.problem]
  const [own, again] = [given, answer.body] as Record<string, unknown>[]
  const differing = comparedParts.filter((part) => !isDeepStrictEqual(own?.[part], again?.[part]))
  return differing.length === 0
    ? []
    : [
        `The server's report of that moment differs in ${differing.join(', ').replaceAll('_', ' ')}: events came late or were deleted, the experiment was changed, or the report was.`,
      ]
}

async function readJson(file: string, terminal: Terminal): Promise<unknown> {
  try {
    return JSON.parse(file === '-' ? await terminal.read() : await readFile(file, 'utf8'))
  } catch (error) {
    throw new UsageError(`${file} cannot be read as JSON: ${(error as Error).message}`, { cause: error })
  }
}
