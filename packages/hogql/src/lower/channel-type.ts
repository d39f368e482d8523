import * as t from '../catalog/value-type.ts'
import type { Expr } from '../tree/resolved.ts'

const value = (text: string): Expr => ({ kind: 'value', value: text, bound: 'String', type: t.string })
const call = (name: string, ...args: Expr[]): Expr => ({ kind: 'call', name, args, type: t.unknown })

type Channel = 'Search' | 'Social' | 'Video' | 'Shopping'

// Domains and sources of each kind, matched as the last part of the referring domain or as the utm source.
const places: Record<Channel, string> = {
  Search: 'google|bing|duckduckgo|yahoo|baidu|yandex|ecosia|qwant|startpage|brave|ask|aol|naver|sogou|kagi|search\\.brave',
  Social:
    'facebook|fb|instagram|ig|twitter|x|t\\.co|linkedin|lnkd|reddit|pinterest|tiktok|snapchat|threads|mastodon|bsky|bluesky|quora|weibo|vk|news\\.ycombinator|discord|telegram|whatsapp',
  Video: 'youtube|youtu|vimeo|twitch|dailymotion|netflix|hulu|disneyplus',
  Shopping: 'amazon|ebay|etsy|walmart|alibaba|aliexpress|shopify|shopping\\.google|mercadolibre',
}
const media: [string, string][] = [
  ['^(email|e-mail|newsletter)$', 'Email'],
  ['^(affiliate|affiliates)$', 'Affiliate'],
  ['^sms$', 'SMS'],
  ['^audio$', 'Audio'],
  ['^(display|banner|expandable|interstitial|cpm)$', 'Display'],
]

/**
 * How a visitor came, from the first values of a session: the first rule that holds.
 * `earliest(name)`: the first value of that name, null if there is none.
 */
export function channelType(earliest: (name: string) => Expr): Expr {
  const read = (name: string) => call('ifNull', earliest(name), value(''))
  const [source, medium, campaign] = ['utm_source', 'utm_medium', 'utm_campaign'].map((name) => call('lower', read(name))) as [
    Expr,
    Expr,
    Expr,
  ]
  const domain = call('lower', read('referring_domain'))
  const [gclid, gadSource, fbclid] = [read('gclid'), read('gad_source'), read('fbclid')]
  const matches = (text: Expr, pattern: string) => call('match', text, value(pattern))
  const has = (text: Expr) => call('notEmpty', text)
  const is = (text: Expr, wanted: string) => call('equals', text, value(wanted))
  const cameFrom = (text: Expr, channel: Channel) => matches(text, `(^|\\.)(${places[channel]})(\\.[a-z.]+)?$`)
  const shopping = matches(campaign, '^(.*(([^a-df-z]|^)shop|shopping).*)$')
  const paid = call('or', matches(medium, '^(cpc|cpm|cpv|cpa|ppc|retargeting|paid.*)$'), has(gclid), has(gadSource))
  const direct = call(
    'and',
    is(domain, '$direct'),
    call('empty', medium),
    call('or', call('empty', source), matches(source, '^\\(?direct\\)?$')),
    call('empty', fbclid),
  )
  const channels = Object.keys(places) as Channel[]
  const from = (text: Expr, kind: 'Paid' | 'Organic') =>
    channels.flatMap((channel) => [cameFrom(text, channel), value(`${kind} ${channel}`)])
  const byMedium = media.flatMap(([pattern, name]) => [matches(medium, pattern), value(name)])
  const paidChannel = call(
    'multiIf',
    ...from(source, 'Paid'),
    shopping,
    value('Paid Shopping'),
    ...byMedium,
    ...from(domain, 'Paid'),
    is(gadSource, '1'),
    value('Paid Search'),
    matches(campaign, 'video'),
    value('Paid Video'),
    has(fbclid),
    value('Paid Social'),
    value('Paid Unknown'),
  )
  return call(
    'multiIf',
    matches(campaign, 'cross-network'),
    value('Cross Network'),
    paid,
    paidChannel,
    direct,
    value('Direct'),
    ...from(source, 'Organic'),
    shopping,
    value('Organic Shopping'),
    ...byMedium,
    ...from(domain, 'Organic'),
    matches(campaign, 'video'),
    value('Organic Video'),
    matches(medium, 'push$'),
    value('Push'),
    has(fbclid),
    value('Organic Social'),
    is(domain, '$direct'),
    value('Direct'),
    has(domain),
    value('Referral'),
    value('Unknown'),
  )
}
