/** A program that visits pages by itself, by what its user agent says. */
export interface Bot {
  /** RE2, on the user agent in lower case. */
  pattern: string
  name: string
  operator: string
  /** `ai_crawler`, `ai_search`, `ai_assistant`, `search_crawler`, `seo_crawler`, `social_crawler`, `monitoring`, `http_client` or `headless_browser`. */
  category: string
}

const of = (category: string, operator: string, ...bots: [pattern: string, name: string][]): Bot[] =>
  bots.map(([pattern, name]) => ({ pattern, name, operator, category }))

/** The first that fits counts. The list is of those that say who they are; none can be complete. */
export const bots: readonly Bot[] = [
  ...of('ai_crawler', 'OpenAI', ['gptbot', 'GPTBot']),
  ...of('ai_search', 'OpenAI', ['oai-searchbot', 'OAI-SearchBot']),
  ...of('ai_assistant', 'OpenAI', ['chatgpt-user', 'ChatGPT-User']),
  ...of('ai_crawler', 'Anthropic', ['claudebot', 'ClaudeBot'], ['anthropic-ai', 'anthropic-ai'], ['claude-web', 'Claude-Web']),
  ...of('ai_search', 'Anthropic', ['claude-searchbot', 'Claude-SearchBot']),
  ...of('ai_assistant', 'Anthropic', ['claude-user', 'Claude-User']),
  ...of('ai_search', 'Perplexity', ['perplexitybot', 'PerplexityBot']),
  ...of('ai_assistant', 'Perplexity', ['perplexity-user', 'Perplexity-User']),
  ...of('ai_crawler', 'Google', ['google-extended', 'Google-Extended'], ['googleother', 'GoogleOther']),
  ...of('ai_crawler', 'Meta', ['meta-externalagent', 'Meta-ExternalAgent']),
  ...of('ai_crawler', 'ByteDance', ['bytespider', 'Bytespider']),
  ...of('ai_crawler', 'Amazon', ['amazonbot', 'Amazonbot']),
  ...of('ai_crawler', 'Common Crawl', ['ccbot', 'CCBot']),
  ...of('ai_crawler', 'Cohere', ['cohere-ai', 'cohere-ai']),
  ...of(
    'search_crawler',
    'Google',
    ['adsbot-google', 'AdsBot-Google'],
    ['googlebot', 'Googlebot'],
    ['google-inspectiontool', 'Google-InspectionTool'],
  ),
  ...of('search_crawler', 'Microsoft', ['bingbot', 'Bingbot'], ['bingpreview', 'BingPreview']),
  ...of('search_crawler', 'Yandex', ['yandex(?:bot|images|mobilebot)', 'YandexBot']),
  ...of('search_crawler', 'Baidu', ['baiduspider', 'Baiduspider']),
  ...of('search_crawler', 'DuckDuckGo', ['duckduckbot', 'DuckDuckBot']),
  ...of('search_crawler', 'Apple', ['applebot', 'Applebot']),
  ...of('search_crawler', 'Yahoo', ['yahoo! slurp', 'Slurp']),
  ...of('search_crawler', 'Sogou', ['sogou (?:web )?spider', 'Sogou Spider']),
  ...of('search_crawler', 'Petal', ['petalbot', 'PetalBot']),
  ...of('seo_crawler', 'Ahrefs', ['ahrefsbot', 'AhrefsBot'], ['ahrefssiteaudit', 'AhrefsSiteAudit']),
  ...of('seo_crawler', 'Semrush', ['semrushbot', 'SemrushBot']),
  ...of('seo_crawler', 'Majestic', ['mj12bot', 'MJ12bot']),
  ...of('seo_crawler', 'Moz', ['dotbot', 'DotBot'], ['rogerbot', 'rogerbot']),
  ...of('seo_crawler', 'DataForSEO', ['dataforseobot', 'DataForSeoBot']),
  ...of('seo_crawler', 'Screaming Frog', ['screaming frog', 'Screaming Frog SEO Spider']),
  ...of(
    'social_crawler',
    'Meta',
    ['facebookexternalhit', 'facebookexternalhit'],
    ['facebookcatalog', 'facebookcatalog'],
    ['whatsapp/', 'WhatsApp'],
  ),
  ...of('social_crawler', 'X', ['twitterbot', 'Twitterbot']),
  ...of('social_crawler', 'LinkedIn', ['linkedinbot', 'LinkedInBot']),
  ...of('social_crawler', 'Slack', ['slackbot', 'Slackbot']),
  ...of('social_crawler', 'Discord', ['discordbot', 'Discordbot']),
  ...of('social_crawler', 'Telegram', ['telegrambot', 'TelegramBot']),
  ...of('social_crawler', 'Pinterest', ['pinterest(?:bot)?/', 'Pinterestbot']),
  ...of('social_crawler', 'Reddit', ['redditbot', 'redditbot']),
  ...of('monitoring', 'UptimeRobot', ['uptimerobot', 'UptimeRobot']),
  ...of('monitoring', 'Pingdom', ['pingdom', 'Pingdom']),
  ...of('monitoring', 'Datadog', ['datadog', 'Datadog Synthetics']),
  ...of('monitoring', 'New Relic', ['newrelicpinger', 'NewRelicPinger']),
  ...of('monitoring', 'StatusCake', ['statuscake', 'StatusCake']),
  ...of('monitoring', 'Google', ['chrome-lighthouse', 'Lighthouse'], ['google page speed', 'PageSpeed Insights']),
  ...of('http_client', 'curl', ['^curl/', 'curl']),
  ...of('http_client', 'GNU', ['^wget/', 'Wget']),
  ...of(
    'http_client',
    'Python',
    ['python-requests', 'python-requests'],
    ['python-urllib', 'Python-urllib'],
    ['aiohttp/', 'aiohttp'],
    ['scrapy', 'Scrapy'],
  ),
  ...of('http_client', 'Node.js', ['^axios/', 'axios'], ['node-fetch', 'node-fetch'], ['^undici', 'undici']),
  ...of('http_client', 'Go', ['go-http-client', 'Go-http-client']),
  ...of('http_client', 'Java', ['^java/', 'Java'], ['okhttp', 'okhttp'], ['apache-httpclient', 'Apache-HttpClient']),
  ...of('http_client', 'Postman', ['postmanruntime', 'PostmanRuntime']),
  ...of('headless_browser', 'Google', ['headlesschrome', 'HeadlessChrome'], ['puppeteer', 'Puppeteer']),
  ...of('headless_browser', 'Microsoft', ['playwright', 'Playwright']),
  ...of('headless_browser', 'PhantomJS', ['phantomjs', 'PhantomJS']),
]

/** Words that bots of which nothing else is known have in their user agents; `cubot` is a maker of phones. */
export const anyBot = '(?:(?:^|[^u])bot|crawler|spider|crawling|scraper)(?:\\b|[^a-z])'

/** What kind of traffic a category is. */
export function trafficTypeOf(category: string): string {
  if (category.startsWith('ai_')) return 'AI Agent'
  return category === 'http_client' || category === 'headless_browser' ? 'Automation' : 'Bot'
}
