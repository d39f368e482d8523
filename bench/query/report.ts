import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { markdownTable, median, milliseconds } from './measure.ts'

export type Row = { name: string; targetMs: number | undefined } & ({ failed: string } | MeasuredRow)

interface MeasuredRow {
  apiMs: number
  handMs: number
  /** Processor time of the process. */
  apiCpuMs: number
  handCpuMs: number
  /** Of SQL that answers less. */
  floorMs: number | undefined
  cachedMs: number
  compileMs: number
  /** Of a request over HTTP; runs before it was measured lack it. */
  besideEngineMs?: number
  firstBesideEngineMs: number
  /** Whether both gave the same answer. */
  isSame: boolean
}

export interface Run {
  events: number
  isUnfolded: boolean
  repeats: number
  /** What the events are like. */
  description: string
  rows: Row[]
  notes: string[]
}

const page = fileURLToPath(new URL('../../docs/reference/query-performance.md', import.meta.url))
/** The figures of the last run of each size, from which the page's tables and chart are made. */
const kept = fileURLToPath(new URL('measured.json', import.meta.url))

const head = [
  'insight',
  'API, ms',
  'SQL by hand, ms',
  'ratio',
  'processor: API',
  'by hand',
  'ratio',
  'compile, ms',
  'all but engine, ms',
  'from cache, ms',
  'target at 10 million',
]

function cells(row: Row): string[] {
  if ('failed' in row) return [row.name, `failed: ${row.failed}`, ...Array.from({ length: head.length - 2 }, () => '')]
  const hand = milliseconds(row.handMs) + (row.floorMs === undefined ? '' : ` (floor ${milliseconds(row.floorMs)})`)
  const ratio = (row.apiMs / row.handMs).toFixed(2)
  return [
    row.name,
    milliseconds(row.apiMs),
    hand,
    row.isSame ? ratio : `${ratio}, other answer`,
    milliseconds(row.apiCpuMs),
    milliseconds(row.handCpuMs),
    (row.apiCpuMs / row.handCpuMs).toFixed(2),
    milliseconds(row.compileMs),
    milliseconds(row.besideEngineMs ?? Number.NaN),
    milliseconds(row.cachedMs),
    row.targetMs === undefined ? '' : String(row.targetMs),
  ]
}

const measured = (rows: Row[]): (Row & MeasuredRow)[] => rows.flatMap((row) => ('failed' in row ? [] : [row]))

export function runText({ events, isUnfolded, repeats, description, rows, notes }: Run): string {
  const ratios = measured(rows).map(({ apiMs, handMs }) => apiMs / handMs)
  const cpuRatios = measured(rows).map(({ apiCpuMs, handCpuMs }) => apiCpuMs / handCpuMs)
  const same = measured(rows).filter(({ isSame }) => isSame).length
  const spread = (all: number[]) => `median ${median(all).toFixed(2)}, highest ${Math.max(...all).toFixed(2)}`
  return [
    `${events.toLocaleString('en')} events${isUnfolded ? ', merged ids not folded yet' : ''}; median of ${repeats}. ${description}`,
    '',
    markdownTable(head, rows.map(cells)),
    '',
    `Ratios: ${spread(ratios)}; of processor time ${spread(cpuRatios)}. ${same} of ${rows.length} answers are the same as those of the SQL by hand.`,
    ...notes,
  ].join('\n')
}

const nameOf = ({ events, isUnfolded }: Run) => `${events} events${isUnfolded ? ', unfolded' : ''}`

/** Keeps the run's figures in the place of those of an earlier run of the same size, and puts tables and chart into the page. */
export function writeRun(run: Run): void {
  const before: Run[] = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : []
  const runs = [...before.filter((each) => nameOf(each) !== nameOf(run)), run].sort(
    (a, b) => a.events - b.events || nameOf(a).length - nameOf(b).length,
  )
  writeFileSync(kept, `${JSON.stringify(runs, undefined, 2)}\n`)
  const parts = [
    '## As data grows',
    growthText(runs.filter(({ isUnfolded }) => !isUnfolded)),
    ...runs.flatMap((each) => [`## ${titleOf(each)}`, runText(each)]),
  ]
  const [start, end] = ['<!-- measured -->', '<!-- end of measured -->']
  const text = readFileSync(page, 'utf8')
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${page} lacks ${start} … ${end}`)
  writeFileSync(page, `${text.slice(0, from)}${start}\n\n${parts.join('\n\n')}\n\n${text.slice(to)}`)
}

const millions = (events: number) => `${events / 1_000_000} million`
const titleOf = (run: Run) => `${millions(run.events)} events${run.isUnfolded ? ', merged ids not folded' : ''}`

/** Each insight's cost at each size, how many times as much the greatest size took as the one before, and a chart of it. */
function growthText(runs: Run[]): string {
  const names = [...new Set(runs.flatMap(({ rows }) => rows.map(({ name }) => name)))]
  const timeOf = (run: Run, name: string) => measured(run.rows).find((row) => row.name === name)?.apiMs
  const [before, last] = runs.slice(-2)
  const rows = names.map((name) => {
    const [one, other] = [before && timeOf(before, name), last && timeOf(last, name)]
    return [
      name,
      ...runs.map((run) => milliseconds(timeOf(run, name) ?? Number.NaN)),
      ...(runs.length > 1 ? [one && other ? `${(other / one).toFixed(1)} times` : '–'] : []),
    ]
  })
  const columns = ['API, ms', ...runs.map(({ events }) => millions(events)), ...(runs.length > 1 ? ['last step'] : [])]
  return `${markdownTable(columns, rows)}\n\n\`\`\`text\n${chart(names, runs, timeOf)}\n\`\`\``
}

const decades = [1, 10, 100, 1_000, 10_000, 100_000]
const widthOfDecade = 14

/** A line for each insight on a logarithmic scale; the digits stand for the sizes: 1 the smallest. */
function chart(names: string[], runs: Run[], timeOf: (run: Run, name: string) => number | undefined): string {
  const wide = Math.max(...names.map((name) => name.length))
  const axis = decades
    .map((decade) => `${decade} ms`.padEnd(widthOfDecade))
    .join('')
    .trimEnd()
  const lines = names.map((name) => {
    const line: string[] = Array.from({ length: widthOfDecade * (decades.length - 1) + 1 }, (_, i) => (i % widthOfDecade === 0 ? '|' : '.'))
    for (const [i, run] of runs.entries()) {
      const ms = timeOf(run, name)
      if (ms !== undefined) line[Math.round(Math.log10(Math.max(1, ms)) * widthOfDecade)] = String(i + 1)
    }
    return `${name.padEnd(wide)}  ${line.join('')}`
  })
  const legend = runs.map(({ events }, i) => `${i + 1}: ${millions(events)}`).join(', ')
  return [`${' '.repeat(wide)}  ${axis}`, ...lines, `${legend}; events, time through the API`].join('\n')
}
