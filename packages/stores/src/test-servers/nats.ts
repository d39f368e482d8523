import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './ports.ts'
import { findProgram, startServerProcess, type TestServer } from './server-process.ts'

export const natsSkipReason = 'nats-server is not installed (Debian: nats-server), and this user may not install it'

export function findNats(): string | undefined {
  return findProgram('nats-server', 'nats-server')
}

/** A NATS server with JetStream, for tests. */
export async function startNats(options: { maxFileStoreBytes?: number } = {}): Promise<TestServer> {
  const path = findNats()
  if (path === undefined) throw new Error(natsSkipReason)
  const directory = await mkdtemp(join(tmpdir(), 'hedgerow-nats-'))
  const port = await freePort()
  const configPath = join(directory, 'nats.conf')
  const limit = options.maxFileStoreBytes === undefined ? '' : `, max_file_store: ${options.maxFileStoreBytes}`
  await writeFile(configPath, `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${directory}/data"${limit} }\n`)
  const start = () => startServerProcess({ path, args: ['-c', configPath], check: () => checkPort(port) })
  let running: Awaited<ReturnType<typeof start>> | undefined = await start()
  const end = async (signal: NodeJS.Signals) => {
    await running?.end(signal)
    running = undefined
  }
  return {
    url: `nats://127.0.0.1:${port}`,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async restart() {
      running ??= await start()
    },
    async remove() {
      await end('SIGKILL')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** NATS greets whoever connects. */
function checkPort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(port, '127.0.0.1')
    socket.once('data', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('NATS closed the connection')))
  })
}
