import { BlockList, isIP } from 'node:net'

/** Each gives undefined for a value that is right, else what would be. */
export type Check = (value: string) => string | undefined

export function checkUrl(...schemes: string[]): Check {
  const wanted = `must be an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`
  return (value) => (URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)) ? undefined : wanted)
}

export function checkKey(prefix: string, maxLength = 200): Check {
  return (value) =>
    value.startsWith(prefix) && /^[A-Za-z0-9_-]{8,}$/.test(value) && value.length <= maxLength
      ? undefined
      : `must begin with ${prefix} and have 8 to ${maxLength} letters, digits, - or _`
}

export const checkEmail: Check = (value) => (/^[^@\s]+@[^@\s]+$/.test(value) ? undefined : 'must be an e-mail address')

const namedNetworks = ['loopback', 'linklocal', 'uniquelocal']

/** An address, a network in CIDR form, or the name of one. */
export const checkProxy: Check = (value) => {
  const [address = '', bits, ...rest] = value.split('/')
  const family = isIP(address)
  const wanted = `must be an address, a network such as 10.0.0.0/8, or one of ${namedNetworks.join(', ')}`
  if (namedNetworks.includes(value)) return undefined
  if (family === 0 || rest.length > 0) return wanted
  if (bits === undefined) return undefined
  if (!/^\d{1,3}$/.test(bits)) return wanted
  try {
    new BlockList().addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6')
    return undefined
  } catch (error) {
    if (error instanceof RangeError) return wanted
    throw error
  }
}

/** An origin: scheme and host, without a path. */
export const checkAddress: Check = (value) =>
  URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && new URL(value).origin === value.replace(/\/$/, '')
    ? undefined
    : 'must be an origin such as https://admin.example.com'
