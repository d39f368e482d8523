import { Readable } from 'node:stream'
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client'
import type { Engine, EngineInsert, EngineRequest } from './engine.ts'
import { EventStoreError } from './event-store.ts'
import { type EventStoreLimits, embeddedThreads } from './limits.ts'
import { paramText } from './params.ts'
import { maxQueryBytes } from './settings.ts'

export interface ClickHouseEngineOptions {
  /** `http(s)://user:password@host:port/database`. */
  url: string
  limits: EventStoreLimits
  /** Name in `system.clusters`; absent for one server. */
  cluster?: string | undefined
  /** HTTP addresses of the nodes, where they are not the cluster's host names with the URL's port. */
  nodeUrls?: readonly string[] | undefined
}

export interface ClickHouseEngine extends Engine {
  /** Each server by itself; one when there is no cluster. */
  readonly nodes: readonly ClickHouseNode[]
  readonly database: string
  readonly localDatabase: string
}

export interface ClickHouseNode {
  name: string
  query(sql: string): Promise<unknown[][]>
  command(sql: string): Promise<void>
}

/** Characters of a parameter that a request carries itself; in UTF-8 they may be three times as many bytes. */
const maxFieldLength = 40_000
const defaultDatabase = 'hedgerow'
const settingsOfClusters: ClickHouseSettings = {
  // A JOIN or IN over two distributed tables sees the rows of all shards.
  distributed_product_mode: 'global',
  // An insert is acknowledged by the shards, not by a queue on the node that took it.
  insert_distributed_sync: 1,
  skip_unavailable_shards: 0,
}

/** ClickHouse servers reached over HTTP. Throws `unreachable` when they are not there. */
export async function createClickHouseEngine(options: ClickHouseEngineOptions): Promise<ClickHouseEngine> {
  const { limits, cluster } = options
  const address = parseAddress(options.url)
  const { database } = address
  const localDatabase = cluster ? `${database}_local` : database
  const clusterSettings = cluster ? settingsOfClusters : {}

  const connect = (url: string, useDatabase: string): ClickHouseClient =>
    createClient({
      url,
      username: address.username,
      password: address.password,
      database: useDatabase,
      request_timeout: (Math.max(limits.queryMaxSeconds, limits.writeMaxSeconds) + 30) * 1000,
      max_open_connections: embeddedThreads(limits) + 4,
      use_multipart_params_auto: true,
      // Every failure is thrown to the caller, who decides whether it is worth a line.
      log: { level: ClickHouseLogLevel.OFF },
      // tricky: a socket that the server is about to close would fail an insert that could have been done.
      keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
    })

  const client = connect(address.url, database)
  const first = connect(address.url, 'default')
  const opened: ClickHouseClient[] = [client, first]
  async function closeAll(): Promise<void> {
    await Promise.all(opened.map((each) => each.close()))
  }

  try {
    const nodeUrls = cluster ? (options.nodeUrls ?? (await nodesOf(first, cluster, address.url))) : [address.url]
    const nodes = nodeUrls.map((url) => {
      const nodeClient = connect(url, 'default')
      const localClient = connect(url, localDatabase)
      opened.push(nodeClient, localClient)
      return { url, nodeClient, localClient }
    })
    if (!cluster) await first.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` })

    return {
      database,
      localDatabase,
      nodes: nodes.map(({ url, nodeClient, localClient }) => {
        const on = cluster ? nodeClient : localClient
        return {
          name: url,
          query: async (sql) => (await (await on.query({ query: sql, format: 'JSONCompact' })).json<unknown[]>()).data,
          command: async (sql) => {
            await on.command({ query: sql, clickhouse_settings: { wait_end_of_query: 1 } })
          },
        }
      }),

      async query(request) {
        const result = await client.query({
          ...(await sentWithLongParams(client, request, clusterSettings, { wait_end_of_query: 1 })),
          format: 'JSONCompact',
        })
        return result.text()
      },

      async *stream(request) {
        const result = await client.query({
          ...(await sentWithLongParams(client, request, clusterSettings, { cancel_http_readonly_queries_on_client_close: 1 })),
          format: 'JSONCompactEachRowWithNamesAndTypes',
        })
        const rows = result.stream()
        let hasHeader = true
        try {
          let held: string[] = []
          for await (const piece of rows) {
            for (const row of piece) held.push(row.text)
            if (hasHeader && held.length < 2) continue
            yield { lines: held, hasHeader }
            hasHeader = false
            held = []
          }
        } finally {
          rows.destroy()
        }
      },

      async file(request, format) {
        const wanted = { ...request, sql: `${request.sql}\nFORMAT ${format}` }
        const { stream } = await client.exec(await sentWithLongParams(client, wanted, clusterSettings, { wait_end_of_query: 1 }))
        const chunks: Uint8Array[] = []
        for await (const chunk of stream) chunks.push(chunk as Uint8Array)
        return Buffer.concat(chunks)
      },

      async insert({ table, rows, format, settings, queryId }: EngineInsert) {
        const { stream } = await client.exec({
          query: `INSERT INTO ${table} FORMAT ${format}`,
          values: Readable.from([rows], { objectMode: false }),
          query_id: queryId,
          clickhouse_settings: { ...clusterSettings, ...settings, wait_end_of_query: 1 } as ClickHouseSettings,
        })
        for await (const _ of stream);
      },

      async command(request) {
        // why: each node's own tables have the names that queries see, in a database of their own.
        for (const { localClient } of nodes) await localClient.command(sent(request, {}, { wait_end_of_query: 1 }))
      },

      async kill(queryId) {
        const query = 'KILL QUERY WHERE query_id = {id: String} OR initial_query_id = {id: String} ASYNC FORMAT TSV'
        const asked = nodes.map(async ({ nodeClient }) => {
          const { stream } = await nodeClient.exec({ query, query_params: { id: queryId } })
          let isFound = false
          for await (const chunk of stream) isFound ||= chunk.length > 0
          return isFound
        })
        const answers = await Promise.allSettled(asked)
        return answers.some((answer) => answer.status === 'fulfilled' && answer.value)
      },

      close: closeAll,
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

function sent({ sql, params, settings, queryId }: EngineRequest, clusterSettings: ClickHouseSettings, more: ClickHouseSettings) {
  return {
    query: sql,
    query_params: params,
    query_id: queryId,
    clickhouse_settings: { ...clusterSettings, ...settings, ...more } as ClickHouseSettings,
  }
}

/**
 * A form field of a request has a limit of 128 kB that no setting of the request raises. A longer value is put into a session
 * of the query's own beforehand.
 */
async function sentWithLongParams(
  client: ClickHouseClient,
  request: EngineRequest,
  clusterSettings: ClickHouseSettings,
  more: ClickHouseSettings,
) {
  const texts = Object.entries(request.params).map(([name, value]) => ({ name, text: paramText(name, value) }))
  const long = texts.filter(({ text }) => text.length > maxFieldLength)
  if (long.length === 0) return sent(request, clusterSettings, more)
  const session_id = `params of ${request.queryId}`
  for (const { name, text } of long) {
    const literal = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
    await client.command({
      query: `SET param_${name} = '${literal}'`,
      session_id,
      clickhouse_settings: { max_query_size: String(maxQueryBytes), session_timeout: '60' } as ClickHouseSettings,
    })
  }
  const short = Object.fromEntries(Object.entries(request.params).filter(([name]) => !long.some((param) => param.name === name)))
  return { ...sent({ ...request, params: short }, clusterSettings, more), session_id }
}

async function nodesOf(client: ClickHouseClient, cluster: string, url: string): Promise<string[]> {
  const result = await client.query({
    query: 'SELECT DISTINCT host_name FROM system.clusters WHERE cluster = {cluster: String} ORDER BY shard_num, replica_num',
    query_params: { cluster },
    format: 'JSONCompact',
  })
  const hosts = (await result.json<[string]>()).data.map(([host]) => host)
  if (hosts.length === 0) {
    const known = await client.query({ query: 'SELECT DISTINCT cluster FROM system.clusters ORDER BY cluster', format: 'JSONCompact' })
    const names = (await known.json<[string]>()).data.map(([name]) => name)
    throw new EventStoreError('bad_query', `ClickHouse knows no cluster "${cluster}". It knows: ${names.join(', ') || 'none'}`)
  }
  return hosts.map((host) => {
    const node = new URL(url)
    node.hostname = host
    return node.href
  })
}

function parseAddress(text: string): { url: string; username: string; password: string; database: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new EventStoreError('bad_query', `"${text}" is no ClickHouse address; it looks like http://user:password@host:8123/hedgerow`)
  }
  const database = decodeURIComponent(url.pathname.replace(/^\/|\/$/g, '')) || defaultDatabase
  if (!/^[A-Za-z_]\w*$/.test(database))
    throw new EventStoreError('bad_query', `"${database}" is no database name: letters, digits and _ only`)
  return {
    url: url.origin,
    username: decodeURIComponent(url.username) || 'default',
    password: decodeURIComponent(url.password),
    database,
  }
}
