import { isbot } from 'isbot'
import { type EventDraft, quote, reject } from '../draft.ts'
import type { EventStep } from './event-step.ts'

// limit: verdicts remembered, since the pattern is long and browsers are few.
const maxRemembered = 5_000
const verdicts = new Map<string, boolean>()

/** Where the project asks for it (`drop_bots`), events of crawlers and monitors are not stored. */
export const refuseBots: EventStep = {
  name: 'refuse-bots',
  apply(draft) {
    if (!draft.entry.settings.dropBots) return undefined
    const userAgent = browserUserAgent(draft)
    return userAgent !== undefined && isBotUserAgent(userAgent) ? reject('bot', `User agent ${quote(userAgent)} is a bot's.`) : undefined
  },
}

// why: the user agent of a request that a server SDK sent says nothing about the visitor, and looks like a bot's.
function browserUserAgent(draft: EventDraft): string | undefined {
  const { $raw_user_agent, $user_agent, $lib } = draft.properties
  if (typeof $raw_user_agent === 'string') return $raw_user_agent
  if (typeof $user_agent === 'string') return $user_agent
  return $lib === 'web' || $lib === 'js' ? draft.entry.userAgent : undefined
}

function isBotUserAgent(userAgent: string): boolean {
  const known = verdicts.get(userAgent)
  if (known !== undefined) return known
  if (verdicts.size >= maxRemembered) verdicts.clear()
  const verdict = isbot(userAgent)
  verdicts.set(userAgent, verdict)
  return verdict
}
