import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from './ports.ts'
import { findProgram, startServerProcess, type TestServer } from './server-process.ts'

export const postgresSkipReason = 'PostgreSQL is not installed (Debian: postgresql), and this user may not install it'

const debianDirectory = '/usr/lib/postgresql'

export function findPostgres(): string | undefined {
  return findProgram('postgres', 'postgresql', () =>
    existsSync(debianDirectory) ? readdirSync(debianDirectory).map((version) => join(debianDirectory, version, 'bin')) : [],
  )
}

/** A PostgreSQL server with an empty database, for tests. Runs as the user postgres when this one is root, as PostgreSQL demands. */
export async function startPostgres(): Promise<TestServer> {
  const path = findPostgres()
  if (path === undefined) throw new Error(postgresSkipReason)
  const directory = await mkdtemp(join(tmpdir(), 'hedgerow-postgres-'))
  const owner = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  if (owner.uid !== undefined) await chown(directory, owner.uid, owner.gid)
  const data = join(directory, 'data')
  execFileSync(
    join(path, '..', 'initdb'),
    ['-D', data, '-U', 'hedgerow', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    {
      stdio: 'ignore',
      ...owner,
    },
  )
  const port = await freePort()
  const url = `postgres://hedgerow@127.0.0.1:${port}/postgres`
  const args = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${directory}`]
  const start = () => startServerProcess({ path, args, check: () => checkQuery(url), ...owner })
  let running: Awaited<ReturnType<typeof start>> | undefined = await start()
  const end = async (signal: NodeJS.Signals) => {
    await running?.end(signal)
    running = undefined
  }
  return {
    url,
    // why: SIGINT ends open connections, SIGTERM would wait for them.
    stop: () => end('SIGINT'),
    // why: SIGQUIT is Postgres' crash: children end at once without writing anything out. SIGKILL would leave them running.
    kill: () => end('SIGQUIT'),
    async restart() {
      running ??= await start()
    },
    async remove() {
      await end('SIGQUIT')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
}

async function checkQuery(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  try {
    await client.connect()
    await client.query('SELECT 1')
  } finally {
    await client.end()
  }
}
