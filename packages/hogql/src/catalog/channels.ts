/** What a channel is called after what it belongs to; paid and organic traffic have their own of each. */
export type Place = 'Search' | 'Social' | 'Video' | 'Shopping'

/** Names of sites and sources, as alternatives of a regular expression. */
const names: Record<Place, string> = {
  Search:
    'google|bing|duckduckgo|yahoo|baidu|yandex|ecosia|qwant|startpage|brave|ask|aol|naver|daum|seznam|sogou|so|kagi|search\\.brave|lycos|dogpile|mojeek|swisscows|perplexity',
  Social:
    'facebook|fb|fb\\.me|instagram|ig|messenger|twitter|x|t\\.co|linkedin|lnkd|reddit|redd\\.it|pinterest|pin\\.it|tiktok|snapchat|snap|threads|mastodon|bsky|bluesky|quora|weibo|vk|ok\\.ru|news\\.ycombinator|hackernews|discord|telegram|whatsapp|wechat|line|tumblr|flickr|nextdoor|xing|meetup',
  Video: 'youtube|youtu|youtu\\.be|vimeo|twitch|dailymotion|netflix|hulu|disneyplus|bilibili|iqiyi|rumble|wistia',
  Shopping:
    'amazon|ebay|etsy|walmart|alibaba|aliexpress|shopify|shopping\\.google|googleshopping|mercadolibre|rakuten|target|temu|shein|zalando|idealo|pricegrabber|shopzilla|nextag',
}
export const places = Object.keys(names) as Place[]

/** Matches a domain or a utm source (RE2, lower case) of the place, with whatever stands before and behind its name. */
export const placePattern = (place: Place): string => `(^|\\.)(${names[place]})(\\.[a-z.]+)?$`

/** Media (RE2 on the utm medium) that are channels of their own. */
export const media: readonly (readonly [pattern: string, channel: string])[] = [
  ['^(email|e-mail|e_mail|e mail|newsletter)$', 'Email'],
  ['^(affiliate|affiliates)$', 'Affiliate'],
  ['^sms$', 'SMS'],
  ['^audio$', 'Audio'],
  ['^(display|banner|expandable|interstitial|cpm)$', 'Display'],
]

/** Media that say that the traffic was paid for. */
export const paidMedium = '^(cpc|cpm|cpv|cpa|ppc|retargeting|paid.*)$'
export const shoppingCampaign = '^(.*(([^a-df-z]|^)shop|shopping).*)$'
