import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createServer } from './create-server.ts'
import { startServer } from './running-server.fixture.ts'

test('docs/reference/api.md names every route with its scope, and no other', async () => {
  const document = readFileSync(new URL('../../../docs/reference/api.md', import.meta.url), 'utf8')
  const documented = [...document.matchAll(/^\| `([A-Z]+ \/[^`]*)`\s*\| (?:`([^`]+)`|none)\s*\| .{3,}\|$/gm)].map(
    ([, route, scope]) => `${route} ${scope ?? 'none'}`,
  )

  const server = await startServer()
  try {
    const served: string[] = []
    await createServer(server.hedgerow, {
      onRoute({ methods, path, scope }) {
        if (path.startsWith('/api/environments')) return
        for (const method of methods) if (method !== 'HEAD') served.push(`${method} ${path}/ ${scope ?? 'none'}`)
      },
    })
    expect(documented.sort()).toEqual(served.sort())
  } finally {
    await server.close()
  }
})
