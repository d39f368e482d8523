import { readFile, writeFile } from 'node:fs/promises'
import { parse, stringify } from 'yaml'
import { callApi } from './call-api.ts'
import { type Command, type OptionValues, type Terminal, UsageError } from './command.ts'

interface Plan {
  base: string
  /** Somebody else has changed flags since the file was pulled. Of a plan. */
  is_stale?: boolean
  changes: { key: string; action: 'create' | 'update' | 'delete'; changes: { field: string; before: unknown; after: unknown }[] }[]
}

/** Flags as a file: what is there, what a file would change, and that change as a whole. */
export const flagsCommand: Command = {
  name: 'flags',
  summary: 'feature flags as code: hedgerow flags pull flags.yaml, then plan, then apply',
  description:
    'pull writes all flags of a project to a YAML file. plan shows what a file would change, and changes nothing; the exit code is 1 if there is a change, or if the file is older than a change by somebody else. apply makes that change, all of it or nothing, and refuses a file that was pulled before somebody else changed a flag. With --prune, flags that the file does not name are deleted. explain shows what each flag answers to a distinct id and why, with --at as it was at a past moment.',
  options: [
    { flag: 'url', kind: 'text', placeholder: 'address', help: 'where Hedgerow runs', defaultText: 'http://127.0.0.1:8000' },
    { flag: 'key', kind: 'text', placeholder: 'phx_…', help: 'a personal API key', env: 'HEDGEROW_PERSONAL_API_KEY' },
    { flag: 'project', kind: 'text', placeholder: 'id', help: 'the project', defaultText: '1' },
    { flag: 'prune', kind: 'switch', help: 'of plan and apply: delete flags that the file does not name' },
    { flag: 'groups', kind: 'text', placeholder: 'json', help: 'of explain: groups of the person, for instance {"company": "acme"}' },
    { flag: 'at', kind: 'text', placeholder: 'time', help: 'of explain: a past moment, ISO 8601' },
  ],
  maxArguments: 2,
  async run(values, [action, argument], terminal) {
    if (argument === undefined) throw new UsageError('hedgerow flags needs pull FILE, plan FILE, apply FILE or explain DISTINCT_ID.')
    switch (action) {
      case 'pull':
        return pull(argument, values, terminal)
      case 'plan':
        return plan(argument, values, terminal)
      case 'apply':
        return apply(argument, values, terminal)
      case 'explain':
        return explain(argument, values, terminal)
    }
    throw new UsageError(`hedgerow flags knows pull, plan, apply and explain, not "${action}".`)
  },
}

const path = (values: OptionValues, what: string) =>
  `/api/projects/${encodeURIComponent(String(values.project ?? '1'))}/feature_flags/${what}/`

/** The answer, or undefined after saying why there is none. */
async function ask<Body>(
  values: OptionValues,
  terminal: Terminal,
  method: string,
  what: string,
  body?: unknown,
): Promise<Body | undefined> {
  const answer = await callApi(values, method, path(values, what), body)
  if (answer.ok) return answer.body as Body
  terminal.err(answer.problem)
  return undefined
}

async function pull(file: string, values: OptionValues, terminal: Terminal): Promise<number> {
  const document = await ask<{ base: string; flags: unknown[] }>(values, terminal, 'GET', 'document')
  if (!document) return 1
  const text = stringify({ base: document.base, flags: document.flags }, { lineWidth: 120 })
  if (file === '-') terminal.out(text)
  else await writeFile(file, text)
  if (file !== '-') terminal.out(`${document.flags.length} flags are in ${file}.`)
  return 0
}

async function plan(file: string, values: OptionValues, terminal: Terminal): Promise<number> {
  const found = await ask<Plan>(values, terminal, 'POST', 'plan', await documentIn(file, values, terminal))
  if (!found) return 1
  show(found, terminal)
  if (found.is_stale) terminal.err(`Flags were changed since ${file} was pulled: apply will refuse it. Pull again, and merge your changes.`)
  return found.changes.length > 0 || found.is_stale ? 1 : 0
}

async function apply(file: string, values: OptionValues, terminal: Terminal): Promise<number> {
  const document = await documentIn(file, values, terminal)
  const done = await ask<Plan>(values, terminal, 'POST', 'apply', document)
  if (!done) return 1
  show(done, terminal)
  // why: the next change starts from what is there now.
  if (file !== '-') await writeFile(file, stringify({ base: done.base, flags: document.flags }, { lineWidth: 120 }))
  return 0
}

async function documentIn(file: string, values: OptionValues, terminal: Terminal): Promise<{ flags: unknown[]; prune: boolean }> {
  try {
    const document: unknown = parse(file === '-' ? await terminal.read() : await readFile(file, 'utf8'))
    if (typeof document === 'object' && document !== null && 'flags' in document && Array.isArray(document.flags)) {
      return { ...document, flags: document.flags, prune: values.prune === true }
    }
  } catch (error) {
    throw new UsageError(`${file} cannot be read as YAML: ${(error as Error).message}`, { cause: error })
  }
  throw new UsageError(`${file} has no list of flags.`)
}

function show({ changes }: Plan, terminal: Terminal): void {
  if (changes.length === 0) terminal.out('Nothing differs.')
  for (const { key, action, changes: fields } of changes) {
    terminal.out(`${{ create: '+', update: '~', delete: '-' }[action]} ${key}`)
    for (const { field, before, after } of fields) {
      if (action === 'update') terminal.out(`    ${field}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`)
      else terminal.out(`    ${field}: ${JSON.stringify(after)}`)
    }
  }
}

interface Explained {
  key: string
  value: unknown
  version: number
  reason: { description: string }
  conditions: {
    index: number
    outcome: string
    identifier: string | null
    rollout_hash: number | null
    rollout_percentage: number
    filters: { filter: { key: unknown; operator?: unknown; value?: unknown; type: string }; matches: boolean | null; actual: unknown }[]
  }[]
}

async function explain(distinctId: string, values: OptionValues, terminal: Terminal): Promise<number> {
  const question = {
    distinct_id: distinctId,
    ...(values.at === undefined ? {} : { timestamp: values.at }),
    ...(values.groups === undefined ? {} : { groups: groupsIn(String(values.groups)) }),
  }
  const found = await ask<{ notes: string[]; flags: Explained[] }>(values, terminal, 'POST', 'explain', question)
  for (const note of found?.notes ?? []) terminal.err(note)
  for (const flag of found?.flags ?? []) {
    terminal.out(`${flag.key} (version ${flag.version}): ${JSON.stringify(flag.value)}, ${flag.reason.description}`)
    for (const condition of flag.conditions) {
      const hash = condition.rollout_hash === null ? '' : `, hash ${condition.rollout_hash.toFixed(4)}`
      terminal.out(`    condition set ${condition.index + 1}: ${condition.outcome} (${condition.rollout_percentage} %${hash})`)
      for (const { filter, matches, actual } of condition.filters) {
        const wanted = `${filter.type} ${String(filter.key)} ${String(filter.operator ?? 'exact')} ${JSON.stringify(filter.value)}`
        terminal.out(`        ${matches ? '✓' : '✗'} ${wanted}, it is ${JSON.stringify(actual)}`)
      }
    }
  }
  return found ? 0 : 1
}

function groupsIn(text: string): object {
  try {
    const groups: unknown = JSON.parse(text)
    if (typeof groups === 'object' && groups !== null && !Array.isArray(groups)) return groups
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new UsageError(`--groups takes a JSON object of group types and keys, such as {"company": "acme"}, not ${text}.`)
}
