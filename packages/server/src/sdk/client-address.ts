import { BlockList, isIP } from 'node:net'

/** Tells whether an address belongs to a proxy whose word is taken. */
export type ProxyTrust = (address: string) => boolean

const namedNetworks: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

/**
 * Makes a test out of the setting `trustedProxies`: addresses, networks in CIDR form, or `loopback`, `linklocal`, `uniquelocal`.
 *
 * @throws Error that names a value which is none of these.
 */
export function createProxyTrust(trustedProxies: readonly string[]): ProxyTrust {
  if (trustedProxies.length === 0) return () => false
  const list = new BlockList()
  for (const network of trustedProxies.flatMap((value) => namedNetworks[value] ?? [value])) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address)
    if (family === 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) {
      throw new Error(
        `"${network}" is not a trusted proxy: give an address, a network such as 10.0.0.0/8, or loopback, linklocal, uniquelocal.`,
      )
    }
    const type = family === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, type)
    else list.addSubnet(address, Number(bits), type)
  }
  return (address) => {
    const family = isIP(address)
    return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6')
  }
}

/**
 * The client's address: the peer's, or, as long as that is a trusted proxy, the one before it in `X-Forwarded-For`, read from the right.
 * What stands left of the first untrusted address anyone could have written. Undefined only if the peer is gone.
 */
export function clientAddress(
  peer: { remoteAddress: string | undefined; forwardedFor: string | string[] | undefined },
  isTrusted: ProxyTrust,
): string | undefined {
  let address = peer.remoteAddress === undefined ? undefined : plainAddress(peer.remoteAddress)
  if (address === undefined || peer.forwardedFor === undefined || !isTrusted(address)) return address
  const hops = Array.isArray(peer.forwardedFor) ? peer.forwardedFor.join(',') : peer.forwardedFor
  for (const hop of hops.split(',').reverse()) {
    const before = plainAddress(hop)
    if (before === undefined) return address
    address = before
    if (!isTrusted(address)) return address
  }
  return address
}

/** An address less brackets, port, zone and quotes, and with IPv4 in its own form; undefined if it is none. */
function plainAddress(text: string): string | undefined {
  const bare = text.trim().replace(/^"(.*)"$/, '$1')
  const withoutPort = /^\[([^\]]+)\](?::\d+)?$/.exec(bare)?.[1] ?? /^([^:]+):\d+$/.exec(bare)?.[1] ?? bare
  const address = withoutPort.replace(/%.*$/, '').toLowerCase()
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  if (mapped !== undefined && isIP(mapped) === 4) return mapped
  return isIP(address) === 0 ? undefined : address
}
