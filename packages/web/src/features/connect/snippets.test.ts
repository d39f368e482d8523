import { expect, test } from 'vitest'
import { type Snippet, snippets } from './snippets.ts'

const connection = { token: 'phc_abc123', host: 'https://hedgerow.example.com' }
const all = snippets(connection)
const codeOf = ({ steps }: Snippet) => steps.map(({ code }) => code).join('\n')

test.each(all.map((snippet) => [snippet.id, snippet] as const))('%s holds the token and the address', (_, snippet) => {
  expect(codeOf(snippet)).toContain('"phc_abc123"')
  expect(codeOf(snippet)).toContain('"https://hedgerow.example.com"')
})

test('ids are unique, and the seven kinds of app are there', () => {
  expect(all.map(({ id }) => id)).toEqual(['html', 'browser', 'react', 'nextjs', 'react-native', 'node', 'python'])
})

test('a token that is no token cannot break out of its quotes', () => {
  const [first] = snippets({ token: '"); alert(1); ("', host: connection.host })
  expect(first && codeOf(first)).toContain('posthog.init("\\"); alert(1); (\\"", {')
})

test('the HTML loader leaves what posthog-js looks for', () => {
  const html = all[0]?.steps[0]?.code ?? ''
  const script = html.replace(/^<script>|<\/script>$/g, '')
  const added: { src: string; async: boolean }[] = []
  const page = {
    createElement: () => ({ src: '', async: false }),
    head: { appendChild: (element: { src: string; async: boolean }) => added.push(element) },
  }
  const window: { posthog?: unknown[] & Record<string, unknown> } = {}
  // The snippet is text for other people's pages, so it is tried as one: with a page of its own.
  const run = new Function(
    'window',
    'document',
    `var posthog; ${script.replace(/posthog\.init\("phc/, 'posthog = window.posthog; posthog.init("phc')}`,
  )
  run(window, page)
  const posthog = window.posthog
  expect(added).toEqual([{ src: 'https://hedgerow.example.com/static/array.js', async: true }])
  expect(posthog?.__SV).toBe(1)
  expect(posthog?._i).toEqual([['phc_abc123', { api_host: 'https://hedgerow.example.com', person_profiles: 'identified_only' }, 'posthog']])
  const capture = posthog?.capture as (...values: unknown[]) => void
  capture('item created', { kind: 'note' })
  expect([...(posthog ?? [])]).toEqual([['capture', 'item created', { kind: 'note' }]])
  run(window, page)
  expect(added).toHaveLength(1)
})
