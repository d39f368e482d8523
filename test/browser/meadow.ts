import { projectToken } from '../harness/hedgerow.ts'

/** A name that would run if a page took it for markup. */
export const hostileName = '<img src=x onerror="window.hasRun=true">"\'`</script>'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** How many people of the small world below come to each step. */
export const steps = { signed_up: 40, workspace_created: 30, invited: 9, onboarding_completed: 8 } as const

/**
 * A few weeks of an app with few people, so that every number can be counted by hand: forty sign up on one day two weeks ago, fewer
 * take each next step minutes later, and those who were invited come back a week later.
 */
export function meadowEvents(now: Date): object[] {
  // why: begun late in the evening, the day would end among the sign-ups.
  const timeOfDayMs = Math.min(now.getTime() % dayMs, 20 * hourMs)
  const begunAtMs = now.getTime() - (now.getTime() % dayMs) + timeOfDayMs - 14 * dayMs
  const events: object[] = []
  const add = (event: string, person: number, atMs: number, properties: Record<string, unknown> = {}) =>
    events.push({
      event,
      distinct_id: `person-${person}`,
      timestamp: new Date(atMs).toISOString(),
      properties: { plan: person % 2 === 0 ? 'team' : 'free', [hostileName]: hostileName, ...properties },
    })
  for (let person = 0; person < steps.signed_up; person++) {
    const atMs = begunAtMs + person * 60_000
    add('$identify', person, atMs - 1000, { $set: { email: `person-${person}@example.com` } })
    add('signed_up', person, atMs)
    if (person < steps.workspace_created) add('workspace_created', person, atMs + 60_000)
    if (person < steps.invited) add('invited', person, atMs + 120_000)
    if (person < steps.onboarding_completed) add('onboarding_completed', person, atMs + 180_000)
    if (person < steps.invited) add('item_created', person, atMs + 7 * dayMs)
    add('$pageview', person, atMs, { $current_url: `https://meadow.example/${person % 3 === 0 ? 'pricing' : 'home'}` })
    add('$pageview', person, atMs + 30_000, { $current_url: 'https://meadow.example/signup' })
  }
  for (let count = 0; count < 3; count++) add(hostileName, count, begunAtMs + count * hourMs)
  return events
}

export async function send(url: string, events: object[]): Promise<void> {
  const response = await fetch(`${url}/batch/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ api_key: projectToken, batch: events }),
  })
  if (!response.ok) throw new Error(`/batch/ answered ${response.status}: ${await response.text()}`)
}
