import type { RejectionReason, WarningReason } from '@hedgerow/protocol'

/** A reason in words. docs/reference/ingestion-reasons.md tells the same in short, with the limits' names. */
export interface ReasonText {
  title: string
  /** What happened, and what became of the event. */
  means: string
  /** What the people who own the app can do about it. */
  doThis: string
}

const rejectionTexts: Record<RejectionReason, ReasonText> = {
  event_too_large: {
    title: 'The event is too large',
    means:
      'The event with its properties is larger than the limit for a single event. It was not stored; the other events of its request were.',
    doThis:
      'Look for a property that holds a document, an image or a long list, and send its size or its id instead. The limit is a setting of the server.',
  },
  invalid_event_name: {
    title: 'The event has no name',
    means: 'The name of the event is missing, empty, or not text.',
    doThis:
      'Find the call of capture whose first argument is undefined or not a string. The distinct id and the time below say where it came from.',
  },
  invalid_distinct_id: {
    title: 'The distinct id is missing',
    means: 'The event says nothing of whom it belongs to: its distinct id is missing, empty, or neither text nor a number.',
    doThis:
      'On servers, pass the id of the user, or an id of your own for events without one. In browsers and apps the SDK does it by itself.',
  },
  invalid_properties: {
    title: 'The properties are no object',
    means:
      'The properties of the event are a list, a text or something else where an object of names and values belongs, or they are nested too deeply.',
    doThis: 'Pass an object to capture: { plan: "team" }, not ["team"] and not a JSON text, and of few levels.',
  },
  client_ingestion_warning: {
    title: 'The SDK reported a problem of its own',
    means: 'The SDK sent a message about itself instead of an event, for instance that events were captured in a loop and it stopped.',
    doThis: 'Read the message in the details, and look for code that captures on every render or on every animation frame.',
  },
  person_processing_disabled: {
    title: 'The event changes a person but forbids doing so',
    means:
      'An identify, alias, merge or group identify came with $process_person_profile set to false. It cannot do what it is for, and was not stored.',
    doThis:
      'Set person_profiles to identified_only or always in the SDK, or do not call identify and alias where profiles are switched off.',
  },
  bot: {
    title: 'A bot sent it',
    means: 'The user agent is that of a crawler, a preview or a monitoring service, and this project leaves bots out.',
    doThis:
      'Nothing, as a rule. If it is a client of yours, give it a user agent of its own, or switch off the filter in the project settings.',
  },
  unstorable_event: {
    title: 'The event store refused it',
    means:
      'Everything about the event looked right, but the event store could not take it. It was set aside alone, so that the others were stored.',
    doThis: 'This is a fault of Hedgerow rather than of your app: please report it with the details below.',
  },
  heatmap_not_stored: {
    title: 'Heatmap data is not kept',
    means: 'The SDK sent data for heatmaps, which this version does not store.',
    doThis: 'Set capture_heatmaps to false in the SDK to save the traffic.',
  },
  snapshot_not_stored: {
    title: 'Session recordings are not kept',
    means: 'The SDK sent parts of a session recording, which this version does not store.',
    doThis: 'Set disable_session_recording to true in the SDK to save the traffic.',
  },
}

const warningTexts: Record<WarningReason, ReasonText> = {
  cannot_merge_with_illegal_distinct_id: {
    title: 'Not merged: the id stands for nobody in particular',
    means:
      'An identify or alias used an id such as "null", "undefined", "anonymous" or "0". Merging would have thrown unrelated people together, so the event was stored and the merge left out.',
    doThis: 'Call identify only once the id of the user is known, and never with a placeholder.',
  },
  cannot_merge_already_identified: {
    title: 'Not merged: both are identified persons',
    means:
      'An identify or alias would have joined two persons that are both identified already, which usually means that two people used one browser. The event was stored and the merge left out.',
    doThis: 'Call reset when someone signs out. Where the two really are one person, send $merge_dangerously from a server.',
  },
  distinct_id_truncated: {
    title: 'The distinct id was shortened',
    means: 'The distinct id is longer than the limit. The event was stored under its beginning.',
    doThis: 'Use the id of the user rather than a token or an address. Two long ids with the same beginning would be one person.',
  },
  event_name_truncated: {
    title: "The event's name was shortened",
    means: 'The name is longer than the limit. The event was stored under its beginning.',
    doThis: 'Keep names few and short, and put what differs into properties: "item opened" with an item id, not a name for each item.',
  },
  timestamp_unparseable: {
    title: 'The time cannot be read',
    means: 'The timestamp is not a time in any form we know. The event was stored at the time when it was received.',
    doThis: 'Send ISO 8601, for instance 2026-03-01T12:00:00Z, or leave the timestamp out.',
  },
  timestamp_in_future: {
    title: 'The time lies ahead',
    means:
      "The event claims to be from tomorrow or later, after correction for the device's clock. It was stored at the time when it was received.",
    doThis: 'Check the clock of the sender, and that milliseconds are not sent as seconds.',
  },
  timestamp_out_of_range: {
    title: 'The time cannot be dated',
    means:
      'The event claims to be from before 1900 or after 9999, which the event store cannot date. It was stored at 1970 or at the time when it was received.',
    doThis: 'Check for seconds sent as milliseconds, and for dates that were never set (1 January 1970).',
  },
  too_many_group_types: {
    title: 'Too many types of group',
    means: 'A project has at most five types of group, and this one would be the sixth. The event was stored without that group.',
    doThis: 'Use the types that exist. What describes a group belongs into its properties, not into a type of its own.',
  },
  too_many_definitions: {
    title: 'Too many names of events or properties',
    means:
      'The project has so many names that new ones are no longer listed. The events and their properties are stored and can be queried.',
    doThis: 'Look for names made out of data, such as an id within a property name, and send the data as a value.',
  },
  too_many_properties: {
    title: 'Too many properties in one event',
    means: 'The event has more properties than the limit. The first ones were kept and the rest left out.',
    doThis: 'Send a list or a nested object as one property, and only what someone will ask about.',
  },
  person_properties_too_large: {
    title: "The person's properties are too large",
    means:
      'With this change the properties of the person would be larger than the limit. The event was stored, and the properties stayed as they were.',
    doThis: 'Keep to what describes the person. Growing lists and logs belong into events.',
  },
  invalid_group: {
    title: 'The group cannot be used',
    means: 'A group has no type, no key, or a key that is neither text nor a number. The event was stored without that group.',
    doThis: 'Call group with a type and a key, for instance group("company", "acme"), once the key is known.',
  },
  invalid_unicode_replaced: {
    title: 'Broken characters were replaced',
    means:
      'The event held NUL characters or halves of characters, which databases cannot keep. They were replaced, and the event was stored.',
    doThis: 'Look for text that is cut at a fixed length (which splits emoji), or binary data that is sent as text.',
  },
}

const texts: Readonly<Record<string, ReasonText>> = { ...rejectionTexts, ...warningTexts }

/** The words for a reason; a reason of a newer server is shown by its name. */
export function reasonText(reason: string): ReasonText {
  const known = Object.hasOwn(texts, reason) ? texts[reason] : undefined
  return (
    known ?? {
      title: reason.replaceAll('_', ' '),
      means: 'This page does not know the reason; the server is newer than it.',
      doThis: 'Reload the page.',
    }
  )
}

export interface ReasonCount {
  reason: string
  count: number
  /** Of the most frequent one, 0 to 1: how long its bar is. */
  share: number
}

/** The most frequent first; those that never occurred are left out. */
export function reasonCounts(byReason: Readonly<Record<string, number>>): ReasonCount[] {
  const counted = Object.entries(byReason).filter(([, count]) => count > 0)
  const most = Math.max(0, ...counted.map(([, count]) => count))
  return counted
    .map(([reason, count]) => ({ reason, count, share: count / most }))
    .sort((one, other) => other.count - one.count || (one.reason < other.reason ? -1 : 1))
}
