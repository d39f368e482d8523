import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { describeFailure } from './failure.ts'

const context = { port: 8000, host: '10.9.8.7', dataDir: '/data' }
const withCode = (code: unknown, message = 'message') => Object.assign(new Error(message), { code })

test('a port in use is told with the port', async () => {
  const first = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void first.close())
  await new Promise((resolve) => first.once('listening', resolve))
  const { port } = first.address() as { port: number }
  const error = await new Promise((resolve) => createServer().once('error', resolve).listen(port, '127.0.0.1'))
  expect(describeFailure(error, { ...context, port })).toBe(
    `Port ${port} is in use by another program: stop that, or choose another port with --port.`,
  )
})

test.each([
  [withCode('data_directory_in_use', 'Process 12 has it.'), 'Process 12 has it.'],
  [withCode('ENOSPC'), 'There is no space left on the disk that holds /data.'],
  [withCode('ERR_INVALID_ARG_TYPE'), undefined],
  [withCode(7), undefined],
  [new TypeError('x is not a function'), undefined],
  ['text', undefined],
])('%s', (error, sentence) => {
  expect(describeFailure(error, context)).toBe(sentence)
})
