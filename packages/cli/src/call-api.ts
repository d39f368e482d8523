import { readConfig } from '@hedgerow/platform'
import { type OptionValues, UsageError } from './command.ts'

const defaultUrl = 'http://127.0.0.1:8000'

type ApiAnswer = { ok: true; body: unknown } | { ok: false; status?: number; problem: string }

/**
 * One call of a running Hedgerow's API with `--url` and `--key`. Whatever is not a success is told in a sentence. @throws UsageError without a key
 */
export async function callApi(values: OptionValues, method: string, path: string, body?: unknown): Promise<ApiAnswer> {
  const url = String(values.url ?? defaultUrl)
  const key = typeof values.key === 'string' ? values.key : readConfig().personalApiKey
  if (!key) throw new UsageError('--key is needed: a personal API key (phx_…), made in Settings › API keys.')
  try {
    const response = await fetch(new URL(path, url), {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (response.ok) return { ok: true, body: text === '' ? undefined : JSON.parse(text) }
    return { ok: false, status: response.status, problem: `${url} answered ${response.status}: ${detailOf(text)}` }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : (error as Error).message
    return { ok: false, problem: `${url} did not answer: ${cause}` }
  }
}

function detailOf(text: string): string {
  try {
    return String((JSON.parse(text) as { detail?: unknown }).detail ?? text).slice(0, 1000)
  } catch (error) {
    if (error instanceof SyntaxError) return text.slice(0, 300)
    throw error
  }
}
