import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type ClickHouseClientConfigOptions, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { drainPending, Session } from 'chdb'
import { type ChdbConnection, createChdbConnection } from 'chdb/connection'
import type { Engine, EngineRequest, EngineSettings } from './engine.ts'
import type { EventStoreLimits } from './limits.ts'
import { yieldWithMerges } from './merge-priority.ts'
import { paramText } from './params.ts'
import { withRowFile } from './row-file.ts'
import { maxQueryBytes } from './settings.ts'

/**
 * ClickHouse inside this process. One data directory per process, and only in the main thread:
 * a worker thread that had loaded it crashed the process at exit.
 *
 * Every query has a connection of its own (0.6 ms to make): settings and parameters would stay behind on a
 * connection, and a killed query leaves the rest of its output to the next one on it.
 */
export function createChdbEngine(path: string, limits: EventStoreLimits): Engine {
  mkdirSync(path, { recursive: true })
  const configFile = join(path, 'engine.xml')
  writeFileSync(configFile, serverConfig(limits))
  // The first connection starts the engine and decides its configuration. It stays: the engine stops with the last one.
  const control = new Session(path, { connectionArgs: [`--config-file=${configFile}`, '--logger.level=none'] })
  // The engine makes the threads with the first table, and each has its name once it runs.
  let isYielding = yieldWithMerges() >= limits.mergeThreads

  async function withConnection<Result>(act: (connection: ChdbConnection) => Promise<Result>): Promise<Result> {
    const connection = createChdbConnection({ path })
    try {
      return await act(connection)
    } finally {
      await connection.close()
    }
  }

  /** Runs through the client, which gives results and errors their form. */
  function exec(request: EngineRequest, format?: 'JSONCompact'): Promise<string> {
    return withConnection(async (connection) => {
      // why: both packages ship a copy of the same declarations, one with a private member, so the types never meet.
      const client = createClient({
        connection: connection as unknown as NonNullable<ClickHouseClientConfigOptions['connection']>,
        log: { level: ClickHouseLogLevel.OFF },
      })
      const query = `${settingStatements(request)}; ${request.sql}`
      if (!format) {
        await client.command({ query })
        return ''
      }
      const result = await client.query({ query, format })
      return result.text()
    })
  }

  return {
    cores: availableParallelism(),

    query: (request) => exec(request, 'JSONCompact'),

    async command(request) {
      await exec(request)
      if (!isYielding) isYielding = yieldWithMerges() >= limits.mergeThreads
    },

    async *stream(request) {
      const connection = createChdbConnection({ path })
      try {
        await connection.exec({ query: settingStatements(request) })
        const pieces = connection.chdb.queryStream(request.sql, { format: 'JSONCompactEachRowWithNamesAndTypes' })
        for await (const piece of pieces) yield { lines: piece.text().split('\n'), hasHeader: true }
      } finally {
        await connection.close()
      }
    },

    file: (request, format) =>
      withConnection(async (connection) => {
        await connection.exec({ query: settingStatements(request) })
        return (await connection.chdb.queryAsync(request.sql, { format })).bytes()
      }),

    async insert({ table, rows, format, settings, queryId }) {
      const marked: EngineSettings = { ...settings, log_comment: queryId }
      if (format === 'JSONEachRow') {
        await withConnection((connection) => connection.chdb.rawInsert({ table, values: rows, format, settings: marked }))
        return
      }
      // why: the binding takes rows as text only.
      await withRowFile(path, rows, (rowFile) =>
        withConnection((connection) =>
          connection.chdb.queryAsync(
            `INSERT INTO ${table} FROM INFILE ${literal(rowFile)} COMPRESSION 'none' SETTINGS ${settingList(marked)} FORMAT ${format}`,
          ),
        ),
      )
    },

    async kill(queryId) {
      // tricky: SYNC hung where ASYNC stopped the query within 0.1 s.
      // why: not in the thread pool, where it would wait for the very queries that it is to stop. It takes a few milliseconds.
      const marker = queryId.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
      return control.query(`KILL QUERY WHERE Settings['log_comment'] = '${marker}' ASYNC`, 'TSV').trim() !== ''
    },

    async close() {
      await drainPending()
      control.close()
    },
  }
}

/**
 * chDB has no query ids and binds one parameterised query at a time in the whole process, so both travel as settings.
 * why: two statements, since each costs as much as a small query.
 */
function settingStatements({ settings, params, queryId }: EngineRequest): string {
  const all: EngineSettings = { ...settings, log_comment: queryId }
  for (const [name, value] of Object.entries(params)) all[`param_${name}`] = paramText(name, value)
  // First, because the parameters are the text of a statement too.
  return `SET max_query_size = ${settings.max_query_size ?? maxQueryBytes}; SET ${settingList(all)}`
}

function settingList(settings: EngineSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === 'number' ? value : literal(value)}`)
    .join(', ')
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** Small parts, which a merge is to write again soon, are packed quickly; all others well. */
const compression =
  '<compression><case><min_part_size>60000000</min_part_size><min_part_size_ratio>0</min_part_size_ratio><method>zstd</method><level>1</level></case></compression>'

/** Of every table, whenever it was made. Reading a JSON column takes several times a granule's size, of each part in a merge: docs/decisions/0014-small-granules.md. */
const granules = '<merge_tree><index_granularity_bytes>4000000</index_granularity_bytes></merge_tree>'

function serverConfig(limits: EventStoreLimits): string {
  const settings: Record<string, number> = {
    max_server_memory_usage: limits.serverMemoryBytes,
    mark_cache_size: limits.markCacheBytes,
    background_pool_size: limits.mergeThreads,
    // A merge that waits for a thread holds its memory.
    background_merges_mutations_concurrency_ratio: 1,
    background_schedule_pool_size: 4,
  }
  const rows = Object.entries(settings).map(([name, value]) => `  <${name}>${value}</${name}>`)
  return `<clickhouse>\n${rows.join('\n')}\n  ${compression}\n  ${granules}\n</clickhouse>\n`
}
