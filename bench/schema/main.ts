/**
 * Measures ways to store events. Each alternative gets the same events; compare rows within one run only.
 *
 *   node --import tsx bench/schema/main.ts --events=1000000 --names=few,many --groups=properties,order --out=results.json
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createChdbEventStore } from '../../packages/stores/src/event-store/create-event-store.ts'
import type { EventStore } from '../../packages/stores/src/event-store/event-store.ts'
import { type Alternative, alternatives, createTable } from './alternatives.ts'
import { type GenerateOptions, generateChunk, type NameSet } from './generate.ts'
import { referenceQueries } from './queries.ts'

const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    names: { type: 'string', default: 'few,many' },
    groups: { type: 'string', default: Object.keys(alternatives).join(',') },
    only: { type: 'string', default: '' },
    out: { type: 'string', default: '' },
  },
})

const rowsAChunk = 20_000
const keptChunks = 60

interface Sample {
  personId: string
  uuids: string[]
}

type Measured = Record<string, number | string>

const directory = mkdtempSync(join(tmpdir(), 'hedgerow-schema-'))
const store = await createChdbEventStore({
  path: join(directory, 'engine'),
  limits: { queryMaxSeconds: 600, writeMaxSeconds: 3_000, queryMaxMemoryBytes: 4e9, serverMemoryBytes: 6e9, queryMaxResultRows: 1e6 },
})
const results: Measured[] = []
try {
  for (const names of options.names.split(',') as NameSet[]) {
    for (const group of options.groups.split(',')) {
      for (const alternative of alternatives[group] ?? []) {
        if (options.only && !options.only.split(';').includes(alternative.name)) continue
        const generate = { names, events: Number(options.events), days: 92, rowsAChunk }
        const measured = await measure(store, alternative, generate).catch((error: Error) => ({
          alternative: alternative.name,
          failed: error.message.slice(0, 200),
        }))
        results.push({ names, group, ...measured })
        console.log(JSON.stringify(results.at(-1)))
        if (options.out) writeFileSync(options.out, JSON.stringify(results, null, 1))
      }
    }
  }
} finally {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
}
console.table(results)

async function measure(store: EventStore, alternative: Alternative, generate: GenerateOptions): Promise<Measured> {
  const table = 'measured'
  await store.command(`DROP TABLE IF EXISTS ${table} SYNC`)
  await store.command(createTable(table, alternative))
  await store.command(`SYSTEM STOP MERGES ${table}`)
  const isSmall = generate.events / rowsAChunk <= keptChunks
  // Merges are held back only where the parts stay few: they are timed apart.
  if (!isSmall) await store.command(`SYSTEM START MERGES ${table}`)
  const { insertSeconds, sample } = await fill(store, table, generate)
  await store.command(`SYSTEM START MERGES ${table}`)
  const mergeSeconds = await timed(() => store.command(`OPTIMIZE TABLE ${table} FINAL`))
  const [sizes] = (
    await store.query(
      `SELECT sum(data_compressed_bytes + secondary_indices_compressed_bytes), sum(rows), count() FROM system.parts WHERE active AND table = '${table}'`,
    )
  ).rows
  const [bytes, rows, parts] = (sizes ?? []).map(Number)
  const measured: Measured = {
    alternative: alternative.name,
    'insert rows/s': Math.round(generate.events / insertSeconds),
    'merge s': round(mergeSeconds),
    'bytes/event': Math.round((bytes ?? 0) / (rows || 1)),
    parts: parts ?? 0,
  }
  for (const query of referenceQueries(table, alternative, sample)) {
    const runs: number[] = []
    for (let run = 0; run < 3; run++) {
      runs.push(await timed(() => store.query(query.sql, query.params ? { params: query.params } : {})))
    }
    measured[query.name] = Math.round((runs.sort((one, other) => one - other)[1] ?? 0) * 1000)
  }
  return measured
}

async function fill(store: EventStore, table: string, generate: GenerateOptions): Promise<{ insertSeconds: number; sample: Sample }> {
  let insertSeconds = 0
  const sample: Sample = { personId: '', uuids: [] }
  const chunks = Math.ceil(generate.events / rowsAChunk)
  for (let chunk = 0; chunk < chunks; chunk++) {
    const { rows, uuids, personIds } = chunkOf(generate, chunk)
    insertSeconds += await timed(() => store.insert(table, rows, { token: `${chunk}` }))
    sample.personId ||= personIds[0] ?? ''
    if (chunk === chunks - 1) sample.uuids = uuids
  }
  return { insertSeconds, sample }
}

/** Chunks of a small run are kept in files, so that generating them costs each alternative the same: nothing. */
function chunkOf(generate: GenerateOptions, chunk: number): ReturnType<typeof generateChunk> {
  if (generate.events / rowsAChunk > keptChunks) return generateChunk(generate, chunk)
  const file = join(directory, 'chunks', `${generate.names}-${generate.events}-${chunk}`)
  if (!existsSync(`${file}.json`)) {
    mkdirSync(join(directory, 'chunks'), { recursive: true })
    const { rows, uuids, personIds } = generateChunk(generate, chunk)
    writeFileSync(`${file}.rows`, rows)
    writeFileSync(`${file}.json`, JSON.stringify({ uuids, personIds }))
  }
  return { rows: readFileSync(`${file}.rows`), ...JSON.parse(readFileSync(`${file}.json`, 'utf8')) }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await act()
  return (performance.now() - from) / 1000
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10
}
