#!/usr/bin/env node
// `npm start`: installs, builds and starts Hedgerow, each only where needed. Arguments go to `hedgerow start`.

import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { build, install, requireNode, root, run, say } from './workspace.mjs'

requireNode()
if (!install()) fail('Packages could not be installed; npm said why above. Then run npm start again.')
if (!build()) fail('The build failed; see above.')

// why: the embedded stores block a thread of Node's pool per query and per flush, and the pool takes its size when
// the process starts, so it can't be set from inside.
const threads = process.env.UV_THREADPOOL_SIZE ?? String(Math.max(16, 4 * availableParallelism()))

process.exitCode = await run(process.execPath, [join(root, 'packages/cli/dist/main.js'), 'start', ...process.argv.slice(2)], {
  // why: a closed channel tells the server that this process was killed, and it stops too.
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  cwd: process.cwd(),
  env: { ...process.env, UV_THREADPOOL_SIZE: threads },
})

function fail(message) {
  say(message)
  process.exit(1)
}
