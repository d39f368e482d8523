import { expect, test } from 'vitest'
import type { Command } from './command.ts'
import { parseOptions } from './parse.ts'

const command: Command = {
  name: 'start',
  summary: '',
  options: [
    { flag: 'port', kind: 'text', placeholder: 'number', help: '' },
    { flag: 'data-dir', kind: 'text', placeholder: 'directory', help: '' },
    { flag: 'demo', kind: 'switch', help: '' },
  ],
  run: async () => 0,
}

test.each([
  [['--port', '8123', '--demo'], { port: '8123', demo: true }],
  [['--port=8123'], { port: '8123' }],
  [['--no-demo'], { demo: false }],
  [['--demo=false'], { demo: false }],
  [['--data-dir', 'a b'], { 'data-dir': 'a b' }],
  [['-h'], { help: true }],
  [[], {}],
])('%j', (args, values) => {
  expect(parseOptions(command, args).values).toEqual(values)
})

test.each([
  [['--prot', '8123'], 'Unknown option --prot. Did you mean --port?'],
  [['--colour'], 'Unknown option --colour. hedgerow help start lists them all.'],
  [['--port'], '--port needs a value: --port <number>.'],
  [['--port='], '--port needs a value: --port <number>.'],
  [['--demo=yes'], '--demo is either given or not (or --no-demo); "yes" is no value for it.'],
  [['8123'], 'hedgerow start does not take the argument "8123".'],
])('%j is refused', (args, message) => {
  expect(() => parseOptions(command, args)).toThrow(message)
})
