#!/usr/bin/env node
import { text } from 'node:stream/consumers'
import type { Terminal } from './command.ts'
import { runCommandLine } from './run.ts'

const terminal: Terminal = {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  write: (text) => process.stderr.write(text),
  isInteractive: process.stderr.isTTY === true,
  read: () => text(process.stdin),
}

process.exitCode = await runCommandLine(process.argv.slice(2), terminal)
// why: everything is closed by now; a handle that somebody forgot must not keep a stopped server in the process list.
setTimeout(() => process.exit(), 3_000).unref()
