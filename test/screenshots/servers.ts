import { judgedEvents, repeatedEvent } from '../browser/people.ts'
import { type Hedgerow, startHedgerow, until } from '../harness/hedgerow.ts'

/** What is pictured: the demo, a project without an event, and an installation that nobody has set up. */
export const worlds = ['demo', 'empty', 'unused'] as const
type World = (typeof worlds)[number]

/** A server and who signs in there. */
export interface Pictured {
  url: string
  email?: string | undefined
  password?: string | undefined
  project?: string | undefined
}

const admin = { HEDGEROW_ADMIN_EMAIL: 'ada@meadow.example', HEDGEROW_ADMIN_PASSWORD: 'correct horse battery staple' }
const nobody = { HEDGEROW_ADMIN_EMAIL: '', HEDGEROW_ADMIN_PASSWORD: '' }
const noKeys = { HEDGEROW_PROJECT_TOKEN: '', HEDGEROW_PROJECT_SECRET_KEY: '', HEDGEROW_PERSONAL_API_KEY: '' }
const demoTimeoutMs = 600_000

/** Starts a server with fresh data of that kind, hands it over, and removes both. */
export async function withServer(world: World, use: (server: Pictured) => Promise<void>): Promise<void> {
  const [isDemo, isUsed] = [world === 'demo', world !== 'unused']
  const hedgerow = await startHedgerow({
    args: isDemo ? ['--demo'] : [],
    env: { ...(isUsed ? admin : nobody), ...(isDemo ? {} : noKeys) },
  })
  try {
    if (isDemo) await fillDemo(hedgerow)
    const signIn = isUsed ? { email: admin.HEDGEROW_ADMIN_EMAIL, password: admin.HEDGEROW_ADMIN_PASSWORD } : {}
    await use({ url: hedgerow.url, ...signIn })
  } finally {
    await hedgerow.stop()
  }
}

/** The demo whole, and a few events in it that are refused, altered or sent twice, which the demo itself has none of. */
async function fillDemo(hedgerow: Hedgerow): Promise<void> {
  await until('the demo is whole', async () => (hedgerow.output().includes('Demo project "') ? true : undefined), demoTimeoutMs)
  const { results } = await hedgerow.api<{ results: { id: number; name: string; api_token: string }[] }>('GET', '/api/projects/')
  const demo = results.find(({ name }) => name.includes('demo'))
  if (!demo) throw new Error(`No project of that name: ${results.map(({ name }) => name).join(', ')}`)
  for (const batch of [judgedEvents(), [repeatedEvent()]]) {
    const answer = await fetch(`${hedgerow.url}/batch/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ api_key: demo.api_token, batch }),
    })
    if (!answer.ok) throw new Error(`/batch/ answered ${answer.status}: ${await answer.text()}`)
  }
  await until('they are judged', async () => {
    const { rejected, repeated } = await hedgerow.api<{ rejected: number; repeated: number }>('GET', `/api/projects/${demo.id}/ingestion/`)
    return rejected + repeated > 1 ? true : undefined
  })
}
