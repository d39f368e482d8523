import { createServer } from 'node:net'

// limit: below the ports that the system gives to whoever asks for any, and to connections (from 32768 on Linux), which could take one before it is listened on.
const lowest = 11_000
const ofOneProcess = 2_500
const processes = 8
const worker = Number(process.env.VITEST_POOL_ID ?? 0) % processes
const begin = Math.floor(Math.random() * ofOneProcess)
let given = 0

/** A port of this machine that nothing listens on, and that no other process of the same run of tests is given. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < ofOneProcess; tries++) {
    const port = lowest + worker * ofOneProcess + ((begin + given++) % ofOneProcess)
    if (await isFree(port)) return port
  }
  throw new Error(`No port from ${lowest + worker * ofOneProcess} on is free`)
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
