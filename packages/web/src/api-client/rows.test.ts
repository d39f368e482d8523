import { afterEach, expect, test, vi } from 'vitest'
import { type PartOfRows, runRows } from './rows.ts'

afterEach(() => vi.unstubAllGlobals())

/** A server that sends these pieces, however they are cut. */
function answering(pieces: string[], status = 200) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece))
      controller.close()
    },
  })
  vi.stubGlobal('fetch', async () => new Response(body, { status }))
}

async function run() {
  const parts: PartOfRows[] = []
  const answer = await runRows(1, {}, { clientQueryId: 'a', signal: new AbortController().signal, onPart: (part) => parts.push(part) })
  return { answer, parts }
}

const head = (rows: number) => `${JSON.stringify({ columns: ['n'], hasMore: false, rows })}\n`

test('lines are put together again wherever they were cut', async () => {
  answering([head(3).slice(0, 10), `${head(3).slice(10)}[1]\n["`, 'ü\\n"]\n[3]', '\n'])
  const { answer, parts } = await run()
  expect(answer.results).toEqual([[1], ['ü\n'], [3]])
  expect(answer).toMatchObject({ columns: ['n'], hasMore: false })
  expect(parts[0]).toMatchObject({ rows: 3 })
})

test('no rows are an answer', async () => {
  answering([head(0)])
  expect((await run()).answer.results).toEqual([])
})

test('what breaks off is no answer', async () => {
  answering([head(3), '[1]\n'])
  await expect(run()).rejects.toMatchObject({ code: 'unreachable' })
})

test('a refusal says why', async () => {
  answering([JSON.stringify({ code: 'invalid_query', detail: 'Unknown column' })], 400)
  await expect(run()).rejects.toMatchObject({ status: 400, code: 'invalid_query', message: 'Unknown column' })
})
