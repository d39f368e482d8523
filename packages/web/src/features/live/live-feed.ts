import { valueText } from '../../ui/property-value.ts'
import { formatDuration } from '../../ui/time.ts'
import { type FeedEvent, type VerdictKind, verdictOf, type Warnings } from './verdicts.ts'

// limit: the page keeps this many events; older ones are on the persons' pages and in queries.
export const keptEvents = 2000

/**
 * What the live page shows: the newest first. While held (paused, or the pointer rests on the list) arrivals wait aside,
 * so that nothing moves under the pointer.
 */
export interface LiveFeed {
  shown: readonly FeedEvent[]
  waiting: readonly FeedEvent[]
  /** Events that waited so long that there was no room for them. */
  missed: number
  /** Events that the server left out of the stream since the page was opened. They are stored all the same. */
  skipped: number
  /** Of what is shown, those that arrived since the page was opened. */
  fresh: ReadonlySet<string>
}

export const emptyFeed: LiveFeed = { shown: [], waiting: [], missed: 0, skipped: 0, fresh: new Set() }

/** Adds what was stored before the page was opened. What came live meanwhile stays, once. */
export function seed(feed: LiveFeed, earlier: readonly FeedEvent[]): LiveFeed {
  return { ...feed, shown: merge(earlier, feed.shown) }
}

export function arrive(feed: LiveFeed, arrivals: readonly FeedEvent[], isHeld: boolean): LiveFeed {
  if (arrivals.length === 0) return feed
  if (isHeld) {
    const waiting = merge(arrivals, feed.waiting)
    return { ...feed, waiting, missed: feed.missed + Math.max(0, feed.waiting.length + arrivals.length - keptEvents) }
  }
  const known = new Set(feed.shown.map(({ id }) => id))
  const news = arrivals.filter(({ id }) => !known.has(id))
  return { ...feed, shown: merge(news, feed.shown), fresh: new Set(news.map(({ id }) => id)) }
}

/** The server left so many out, since they came faster than they could be sent. */
export function skip(feed: LiveFeed, count: number): LiveFeed {
  return { ...feed, skipped: feed.skipped + count }
}

/** What waited comes into view. */
export function release(feed: LiveFeed): LiveFeed {
  if (feed.waiting.length === 0) return feed
  return { ...arrive({ ...feed, waiting: [] }, feed.waiting, false), missed: 0 }
}

/** Newest first by the time it became queryable (what came live), else by its own; one of each id; the oldest fall away. */
function merge(news: readonly FeedEvent[], before: readonly FeedEvent[]): FeedEvent[] {
  const byId = new Map<string, FeedEvent>()
  for (const event of [...before, ...news]) if (!byId.has(event.id)) byId.set(event.id, event)
  return [...byId.values()].sort((one, other) => orderOf(other) - orderOf(one)).slice(0, keptEvents)
}

function orderOf(event: FeedEvent): number {
  return Date.parse(event.queryableAt ?? event.timestamp)
}

export interface FeedFilter {
  event?: string | undefined
  /** Every word of it must stand in the name, the distinct id, or a property's name or value. */
  q?: string | undefined
  verdict?: VerdictKind | undefined
}

export function filterFeed(events: readonly FeedEvent[], { event, q, verdict }: FeedFilter, warnings: Warnings): readonly FeedEvent[] {
  const words = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  if (event === undefined && verdict === undefined && words.length === 0) return events
  return events.filter((each) => {
    if (event !== undefined && each.event !== event) return false
    if (verdict !== undefined && verdictOf(each, warnings) !== verdict) return false
    if (words.length === 0) return true
    const text = searchText(each)
    return words.every((word) => text.includes(word))
  })
}

const texts = new WeakMap<FeedEvent, string>()

function searchText(event: FeedEvent): string {
  let text = texts.get(event)
  if (text === undefined) {
    const properties = Object.entries(event.properties).map(([name, value]) => `${name} ${valueText(value).text}`)
    text = [event.event, event.distinctId, event.personId ?? '', ...properties].join('\n').toLowerCase()
    texts.set(event, text)
  }
  return text
}

/** Names seen on the page, the most frequent first: what the filter offers. */
export function namesIn(events: readonly FeedEvent[]): string[] {
  const counts = new Map<string, number>()
  for (const { event } of events) counts.set(event, (counts.get(event) ?? 0) + 1)
  return [...counts].sort(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1)).map(([name]) => name)
}

/** Where it happened, in a few words: a path, a screen, or the library that sent it. */
export function placeOf({ properties }: FeedEvent): string {
  const text = (name: string) =>
    typeof properties[name] === 'string' && properties[name] !== '' ? (properties[name] as string) : undefined
  const url = text('$current_url')
  if (url && URL.canParse(url)) {
    const { host, pathname } = new URL(url)
    return `${host}${pathname}`
  }
  return text('$screen_name') ?? url ?? text('$pathname') ?? text('$lib') ?? ''
}

/** How long an event took from being received until it could be queried, in milliseconds. */
export function lagMs({ receivedAt, queryableAt }: FeedEvent): number | undefined {
  if (!receivedAt || !queryableAt) return undefined
  const ms = Date.parse(queryableAt) - Date.parse(receivedAt)
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}

/** The same from the client on, as far as its clock can be believed: both parts in words. */
export function wayHere(event: FeedEvent): string {
  const toServerMs = Date.parse(event.receivedAt ?? '') - Date.parse(event.timestamp)
  const before = toServerMs >= 0 ? `client to server ${formatDuration(toServerMs)}, ` : ''
  return `${before}server to queryable ${formatDuration(lagMs(event) ?? 0)}`
}
