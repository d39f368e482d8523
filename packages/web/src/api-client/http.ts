import { errorFromAnswer, unreachable } from './errors.ts'

interface RequestOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  body?: unknown
  signal?: AbortSignal | undefined
}

/**
 * One call of this server's API, as the signed-in person. Answers the parsed body, `undefined` for an empty one.
 * Throws `ApiError`; an aborted call throws the signal's reason.
 */
export async function request<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
  const response = await send(path, options)
  const answer = parse(await response.text())
  if (!response.ok) throw errorFromAnswer(response.status, path, answer, response.headers.get('retry-after'))
  return answer as Answer
}

/** The same for what is answered as a file. */
export async function requestFile(path: string, options: RequestOptions = {}): Promise<Blob> {
  const response = await send(path, options)
  if (!response.ok) throw errorFromAnswer(response.status, path, parse(await response.text()), response.headers.get('retry-after'))
  return response.blob()
}

/** The same for an answer that is read while it comes. */
export async function requestStream(path: string, options: RequestOptions = {}): Promise<ReadableStream<Uint8Array>> {
  const response = await send(path, options)
  if (!response.ok || !response.body) {
    throw errorFromAnswer(response.status, path, parse(await response.text()), response.headers.get('retry-after'))
  }
  return response.body
}

async function send(path: string, { method = 'GET', body, signal }: RequestOptions): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? { accept: 'application/json' } : { accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw unreachable(path)
  }
}

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}

/** `?a=1&b=two` of what is set, empty when nothing is. */
export function queryString(parameters: Record<string, string | number | boolean | undefined>): string {
  const set = Object.entries(parameters).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]]))
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`
}
