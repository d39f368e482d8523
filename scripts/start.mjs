#!/usr/bin/env node
// `npm start`: installs, builds and starts Hedgerow, each only where needed. Arguments go to `hedgerow start`.

import { build, install, requireNode, say } from './workspace.mjs'

requireNode()
if (!install()) fail('Packages could not be installed; npm said why above. Then run npm start again.')
if (!build()) fail('The build failed; see above.')
// why: not at the top, where an older Node would stop at what it lacks before it is told to be too old.
const { launch } = await import('../packages/cli/bin/launch.mjs')
process.exitCode = await launch(['start', ...process.argv.slice(2)])

function fail(message) {
  say(message)
  process.exit(1)
}
