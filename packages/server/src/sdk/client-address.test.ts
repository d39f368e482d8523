import { describe, expect, test } from 'vitest'
import { clientAddress, createProxyTrust } from './client-address.ts'

const cases: [name: string, trusted: string[], peer: string, forwardedFor: string | string[] | undefined, client: string][] = [
  ['nobody is trusted', [], '10.0.0.1', '203.0.113.9', '10.0.0.1'],
  ['no header', ['loopback'], '127.0.0.1', undefined, '127.0.0.1'],
  ['one proxy', ['loopback'], '127.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['an untrusted peer cannot choose', ['loopback'], '198.51.100.1', '203.0.113.9', '198.51.100.1'],
  ['what the client wrote itself is not believed', ['loopback'], '127.0.0.1', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
  ['several proxies', ['10.0.0.0/8', 'loopback'], '127.0.0.1', '203.0.113.9, 10.1.2.3, 10.9.9.9', '203.0.113.9'],
  ['proxies all the way', ['10.0.0.0/8'], '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ['repeated headers', ['loopback'], '127.0.0.1', ['1.1.1.1', '203.0.113.9'], '203.0.113.9'],
  ['IPv6', ['::1'], '::1', '2001:DB8::7', '2001:db8::7'],
  ['IPv6 with brackets and port', ['uniquelocal'], 'fd00::1', '[2001:db8::7]:443', '2001:db8::7'],
  ['IPv4 with port', ['loopback'], '127.0.0.1', '203.0.113.9:5000', '203.0.113.9'],
  ['IPv4 inside IPv6', ['loopback'], '::ffff:127.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
  ['a zone', ['linklocal'], 'fe80::1%eth0', '203.0.113.9', '203.0.113.9'],
  ['an unknown hop ends the chain', ['loopback'], '127.0.0.1', '203.0.113.9, unknown', '127.0.0.1'],
  ['an empty header', ['loopback'], '127.0.0.1', '', '127.0.0.1'],
]

describe('the client address', () => {
  test.each(cases)('%s', (_, trusted, remoteAddress, forwardedFor, client) => {
    expect(clientAddress({ remoteAddress, forwardedFor }, createProxyTrust(trusted))).toBe(client)
  })

  test('is unknown when the peer is gone', () => {
    expect(clientAddress({ remoteAddress: undefined, forwardedFor: '1.1.1.1' }, createProxyTrust(['loopback']))).toBeUndefined()
  })
})

test.each(['proxy.example', '10.0.0.0/x', ''])('%j is no trusted proxy', (value) => {
  expect(() => createProxyTrust([value])).toThrow(/not a trusted proxy/)
})
