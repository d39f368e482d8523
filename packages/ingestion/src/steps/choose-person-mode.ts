import { createHmac } from 'node:crypto'
import { isIllegalInCaptureV1 } from '../capture/illegal-distinct-ids.ts'
import { type EventDraft, reject } from '../draft.ts'
import type { EventStep } from './event-step.ts'

/** compat: PostHog refuses a personless `$groupidentify` too; groups are not persons, so here it changes its group. */
const personOnlyEvents = new Set(['$identify', '$create_alias', '$merge_dangerously'])
/** What posthog-js sends as the distinct id of every visitor when it keeps no cookie. */
export const cookielessDistinctId = '$posthog_cookieless'

/** Whether the event makes and changes a person. Personless events lose their person updates. */
export const choosePersonMode: EventStep = {
  name: 'choose-person-mode',
  apply(draft) {
    const asked = draft.properties.$process_person_profile
    const cookieless = draft.distinctId === cookielessDistinctId
    if (cookieless) replaceCookielessId(draft)
    const forced = cookieless || (draft.entry.endpoint.startsWith('/i/v1/') && isIllegalInCaptureV1(draft.distinctId))
    draft.asksForPerson = asked === true && !forced
    draft.processesPerson = asked !== false && !forced
    if (draft.processesPerson) return undefined
    if (personOnlyEvents.has(draft.event)) {
      const why = asked === false ? '"$process_person_profile" is false' : 'its distinct id stands for no single person'
      return reject('person_processing_disabled', `${draft.event} needs person processing, but ${why}.`)
    }
    draft.set = undefined
    draft.setOnce = undefined
    draft.unset = undefined
    delete draft.properties.$set
    delete draft.properties.$set_once
    delete draft.properties.$unset
    return undefined
  },
}

/** Visitors without cookies are told apart for one day by what their request looks like; never a person. */
function replaceCookielessId(draft: EventDraft): void {
  const { entry, properties } = draft
  const day = new Date(entry.receivedAtMs).toISOString().slice(0, 10)
  const visitor = [entry.ip ?? '', String(properties.$host ?? ''), entry.userAgent ?? String(properties.$raw_user_agent ?? '')]
  const hash = createHmac('sha256', `${entry.projectId}:${day}`).update(JSON.stringify(visitor)).digest('base64url').slice(0, 24)
  draft.distinctId = `cookieless_${hash}`
  properties.$device_id = draft.distinctId
}
