import { expect, test } from 'vitest'
import type { Terminal } from './command.ts'
import { createProgress } from './progress.ts'

function record(isInteractive: boolean) {
  const written: string[] = []
  const terminal: Terminal = {
    isInteractive,
    read: async () => '',
    out: (line) => written.push(`out ${line}`),
    err: (line) => written.push(`${line}\n`),
    write: (text) => written.push(text),
  }
  return { terminal, written }
}

test('on a terminal one line is written over', () => {
  const { terminal, written } = record(true)
  const progress = createProgress('Demo', terminal)
  progress.show(0.5, '100 of 200 events')
  progress.show(1, 'done')
  progress.end()
  const [half = '', whole = ''] = written
  expect(half).toMatch(/^\rDemo █{15}░{15} {2}50 % {2}100 of 200 events$/)
  expect(whole).toMatch(/^\rDemo █{30} 100 % {2}done +$/)
  expect(whole.length).toBe(half.length)
  expect(written).toHaveLength(3)
  expect(written[2]).toBe('\n')
})

test('elsewhere there is a line for each tenth', () => {
  const { terminal, written } = record(false)
  const progress = createProgress('Demo', terminal)
  for (let percent = 0; percent <= 100; percent++) progress.show(percent / 100, `${percent} events`)
  progress.end()
  expect(written).toHaveLength(11)
  expect(written.at(0)).toBe('Demo 0 %, 0 events\n')
  expect(written.at(-1)).toBe('Demo 100 %, 100 events\n')
})

test('a fraction out of bounds stays in them', () => {
  const { terminal, written } = record(false)
  createProgress('Demo', terminal).show(1.7, 'all')
  expect(written).toEqual(['Demo 100 %, all\n'])
})
