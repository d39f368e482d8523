import { unreachable } from './errors.ts'
import { requestStream } from './http.ts'
import type { RowsAnswer } from './queries.ts'

// limit: so long the page may be kept from drawing at one go.
const sliceMs = 8
// limit: so often what came so far is handed on.
const partMs = 120

/** What there is of an answer while its rows still come. */
export interface PartOfRows {
  answer: RowsAnswer
  /** How many rows there will be. */
  rows: number
}

/**
 * The answer to a query of rows, read in slices between which the page draws and listens. `onPart` is told of the first rows at once, and of
 * more as they come; the list of columns stays the same one.
 */
export async function runRows(
  projectId: number,
  query: object,
  { clientQueryId, signal, onPart }: { clientQueryId: string; signal: AbortSignal; onPart: (part: PartOfRows) => void },
): Promise<RowsAnswer> {
  const path = `/api/projects/${projectId}/query/rows/`
  const body = await requestStream(path, {
    method: 'POST',
    body: { query, client_query_id: clientQueryId, refresh: 'force_blocking' },
    signal,
  })
  let head: (Omit<RowsAnswer, 'results'> & { rows: number }) | undefined
  const rows: unknown[][] = []
  let toldAtMs = Number.NEGATIVE_INFINITY
  for await (const lines of sliced(linesOf(body))) {
    for (const line of lines) {
      if (head) rows.push(JSON.parse(line) as unknown[])
      else head = JSON.parse(line) as typeof head
    }
    if (!head || performance.now() - toldAtMs < partMs) continue
    toldAtMs = performance.now()
    onPart({ answer: { ...head, results: [...rows] }, rows: head.rows })
  }
  // why: a server that breaks off in the middle must not be taken for one that has no more.
  if (!head || rows.length < head.rows) throw unreachable(path)
  return { ...head, results: rows }
}

/** Whole lines, as many as come at once. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string[]> {
  const reader = body.pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) break
    const parts = (rest + value).split('\n')
    rest = parts.pop() ?? ''
    if (parts.length > 0) yield parts
  }
  if (rest !== '') yield [rest]
}

/** The same in pieces, with a turn for the page whenever it was kept for long. */
async function* sliced(pieces: AsyncIterable<string[]>): AsyncGenerator<string[]> {
  let begunAtMs = performance.now()
  for await (const lines of pieces) {
    for (let from = 0; from < lines.length; from += linesAtOnce) {
      if (performance.now() - begunAtMs > sliceMs) {
        await nextTurn()
        begunAtMs = performance.now()
      }
      yield lines.slice(from, from + linesAtOnce)
    }
  }
}

const linesAtOnce = 200
const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))
