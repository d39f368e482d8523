/** The invented world of the demo: names, places, programs and pages. Domains end in `.example`, so that nobody owns them. */

export const product = { name: 'Meadow', site: 'https://meadow.example', app: 'https://app.meadow.example' } as const

export const firstNames =
  'Aiko Amara Anders Anya Arjun Beatriz Bruno Camille Carlos Chidi Chloe Daniel Deniz Elena Elias Emeka Emma Farah Felix Freya Gabriela Hana Hugo Ibrahim Ines Ivan Jana Jonas Juan Kaia Kenji Lars Leila Lena Liam Linh Lucia Maja Mateo Mei Milan Mira Nadia Nikhil Noah Nora Olivia Omar Oskar Paula Priya Rafael Rosa Ruth Samir Sara Sofia Tariq Teo Thandi Tomas Uma Victor Wei Yara Yusuf Zoe'.split(
    ' ',
  )

export const lastNames =
  'Abara Aguilar Ahmed Andersen Baker Bauer Bello Bianchi Blom Castro Chen Costa Dahl Diaz Dubois Eriksen Fischer Fonseca Garcia Gruber Haddad Hansen Hoang Ito Ivanova Jansen Kaya Khan Kim Kovac Kumar Larsen Lopez Marin Mensah Meyer Moreau Nakamura Ndlovu Nguyen Novak Okafor Olsen Patel Pereira Petrov Quinn Rahman Reyes Rossi Santos Sato Schmidt Silva Singh Sousa Stein Suzuki Tan Torres Varga Vega Walsh Weber Wolf Yilmaz Zhang'.split(
    ' ',
  )

export const companyFirstWords =
  'Amber Birch Bright Cedar Clear Cobalt Copper Coral Crane Delta Ember Falcon Fern Field Granite Harbor Hazel Indigo Iron Juniper Kestrel Lark Linden Lumen Maple Mirror Moss North Oak Orchard Osprey Pebble Pine Quartz Raven Ridge River Rowan Sable Silver Slate Spruce Stone Summit Swift Tidal Umber Vale Violet Willow'.split(
    ' ',
  )
export const companySecondWords =
  'bank bay bridge cart craft dale desk forge gate grid hill house labs lane leaf line link loom mark mill path point port scale ship side smith sound space spark stack station stream trail wave way well wire works yard'.split(
    ' ',
  )

export const industries = [
  ['software', 30],
  ['agency', 18],
  ['retail', 14],
  ['education', 10],
  ['healthcare', 8],
  ['finance', 8],
  ['manufacturing', 7],
  ['non-profit', 5],
] as const

/** Employees of a company: the range that a number is drawn from, and how often. */
export const companySizes = [
  [[2, 10], 46],
  [[11, 50], 32],
  [[51, 200], 15],
  [[201, 1_000], 6],
  [[1_001, 8_000], 1],
] as const

export interface Place {
  countryCode: string
  country: string
  continentCode: string
  continent: string
  city: string
  timeZone: string
  utcOffsetHours: number
  language: string
}

function place(columns: string, utcOffsetHours: number): Place {
  const [countryCode = '', country = '', continentCode = '', continent = '', city = '', timeZone = '', language = ''] = columns.split('|')
  return { countryCode, country, continentCode, continent, city, timeZone, utcOffsetHours, language }
}

export const places: readonly (readonly [Place, number])[] = [
  [place('US|United States|NA|North America|New York|America/New_York|en-US', -5), 16],
  [place('US|United States|NA|North America|San Francisco|America/Los_Angeles|en-US', -8), 12],
  [place('US|United States|NA|North America|Austin|America/Chicago|en-US', -6), 6],
  [place('GB|United Kingdom|EU|Europe|London|Europe/London|en-GB', 0), 11],
  [place('DE|Germany|EU|Europe|Berlin|Europe/Berlin|de-DE', 1), 10],
  [place('FR|France|EU|Europe|Paris|Europe/Paris|fr-FR', 1), 7],
  [place('NL|Netherlands|EU|Europe|Amsterdam|Europe/Amsterdam|nl-NL', 1), 5],
  [place('ES|Spain|EU|Europe|Madrid|Europe/Madrid|es-ES', 1), 4],
  [place('BR|Brazil|SA|South America|São Paulo|America/Sao_Paulo|pt-BR', -3), 7],
  [place('CA|Canada|NA|North America|Toronto|America/Toronto|en-CA', -5), 5],
  [place('IN|India|AS|Asia|Bengaluru|Asia/Kolkata|en-IN', 5.5), 8],
  [place('JP|Japan|AS|Asia|Tokyo|Asia/Tokyo|ja-JP', 9), 4],
  [place('AU|Australia|OC|Oceania|Sydney|Australia/Sydney|en-AU', 10), 3],
  [place('NG|Nigeria|AF|Africa|Lagos|Africa/Lagos|en-NG', 1), 2],
]

/** Where a visit came from: referrer and campaign, and how likely such a visitor is to sign up compared with others. */
export interface Channel {
  referrer: string
  utm?: { source: string; medium: string; campaign: string; content?: string }
}

const direct = '$direct'
export const channels: readonly (readonly [Channel, number])[] = [
  [{ referrer: direct }, 30],
  [{ referrer: 'https://www.google.com/' }, 26],
  [{ referrer: 'https://www.google.com/', utm: { source: 'google', medium: 'cpc', campaign: 'brand', content: 'search-a' } }, 8],
  [{ referrer: 'https://www.google.com/', utm: { source: 'google', medium: 'cpc', campaign: 'boards-for-teams', content: 'search-b' } }, 9],
  [{ referrer: 'https://www.linkedin.com/', utm: { source: 'linkedin', medium: 'paid-social', campaign: 'agencies' } }, 6],
  [{ referrer: 'https://duckduckgo.com/' }, 4],
  [{ referrer: 'https://news.ycombinator.com/' }, 4],
  [{ referrer: 'https://www.youtube.com/', utm: { source: 'youtube', medium: 'video', campaign: 'walkthrough' } }, 4],
  [{ referrer: direct, utm: { source: 'newsletter', medium: 'email', campaign: 'monthly-tips' } }, 6],
  [{ referrer: 'https://partners.example/', utm: { source: 'partners', medium: 'referral', campaign: 'directory' } }, 3],
]

export interface Browser {
  browser: string
  version: number
  os: string
  osVersion: string
  deviceType: 'Desktop' | 'Mobile'
  screen: readonly [width: number, height: number]
  userAgent: string
}

const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0'
const desktopScreens = [
  [1920, 1080],
  [1440, 900],
  [2560, 1440],
] as const

export const desktopBrowsers: readonly (readonly [Browser, number])[] = [
  [desktop('Chrome', 141, 'Windows', '10.0', 0, `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`), 34],
  [desktop('Chrome', 141, 'Mac OS X', '10.15.7', 1, `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${chrome} Safari/537.36`), 28],
  [
    desktop(
      'Safari',
      18.6,
      'Mac OS X',
      '10.15.7',
      1,
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
    ),
    14,
  ],
  [desktop('Firefox', 143, 'Linux', '', 2, 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0'), 5],
  [desktop('Firefox', 143, 'Windows', '10.0', 0, 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0'), 6],
  [
    desktop('Microsoft Edge', 141, 'Windows', '10.0', 0, `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36 Edg/141.0.0.0`),
    13,
  ],
]

export const phoneBrowsers: readonly (readonly [Browser, number])[] = [
  [
    phone(
      'Mobile Safari',
      18.6,
      'iOS',
      '18.6',
      [390, 844],
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
    ),
    55,
  ],
  [phone('Chrome', 141, 'Android', '15', [412, 915], `Mozilla/5.0 (Linux; Android 10; K) ${chrome} Mobile Safari/537.36`), 45],
]

function desktop(browser: string, version: number, os: string, osVersion: string, screen: number, userAgent: string): Browser {
  return { browser, version, os, osVersion, deviceType: 'Desktop', screen: desktopScreens[screen] ?? desktopScreens[0], userAgent }
}

function phone(
  browser: string,
  version: number,
  os: string,
  osVersion: string,
  screen: readonly [number, number],
  userAgent: string,
): Browser {
  return { browser, version, os, osVersion, deviceType: 'Mobile', screen, userAgent }
}

export interface Phone {
  os: 'iOS' | 'Android'
  osVersion: string
  manufacturer: string
  model: string
  screen: readonly [width: number, height: number]
}

export const phones: readonly (readonly [Phone, number])[] = [
  [{ os: 'iOS', osVersion: '18.6', manufacturer: 'Apple', model: 'iPhone16,1', screen: [393, 852] }, 34],
  [{ os: 'iOS', osVersion: '26.0', manufacturer: 'Apple', model: 'iPhone17,3', screen: [402, 874] }, 26],
  [{ os: 'Android', osVersion: '15', manufacturer: 'Google', model: 'Pixel 9', screen: [412, 923] }, 16],
  [{ os: 'Android', osVersion: '15', manufacturer: 'samsung', model: 'SM-S931B', screen: [384, 832] }, 24],
]

export const itemTypes = [
  ['board', 46],
  ['document', 34],
  ['table', 20],
] as const
export const exportFormats = [
  ['pdf', 44],
  ['csv', 36],
  ['png', 20],
] as const
export const shareChannels = [
  ['link', 58],
  ['email', 27],
  ['chat', 15],
] as const
