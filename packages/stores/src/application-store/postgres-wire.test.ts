import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ClientMessage, MessageReader } from './postgres-wire.ts'

const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])
const startup = Buffer.from([0, 0, 0, 13, 0, 3, 0, 0, ...Buffer.from('user\0')])

function message(type: string, body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(5 + body.length)
  bytes.write(type, 0, 'latin1')
  bytes.writeInt32BE(4 + body.length, 1)
  bytes.set(body, 5)
  return bytes
}

function readAll(reader: MessageReader): ClientMessage[] {
  const messages: ClientMessage[] = []
  for (let next = reader.next(); next !== undefined; next = reader.next()) messages.push(next)
  return messages
}

describe('Postgres messages', () => {
  it('are the same, however the stream is cut', () => {
    const bodies = fc.array(fc.tuple(fc.constantFrom('P', 'B', 'D', 'E', 'S', 'Q'), fc.uint8Array({ maxLength: 40 })), { maxLength: 12 })
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(60), { maxLength: 30 }), fc.boolean(), (list, cuts, asksForSsl) => {
        const messages = list.map(([type, body]) => message(type, body))
        const stream = Buffer.concat([...(asksForSsl ? [sslRequest] : []), startup, ...messages])
        const reader = new MessageReader()
        const read: ClientMessage[] = []
        let at = 0
        for (const size of [...cuts, stream.length]) {
          reader.push(stream.subarray(at, at + size))
          at += size
          read.push(...readAll(reader))
        }
        const expected: ClientMessage[] = [
          ...(asksForSsl ? [{ kind: 'encryption-request' } as const] : []),
          { kind: 'startup', bytes: startup },
          ...messages.map((bytes) => ({ kind: 'message', type: bytes[0] ?? 0, bytes }) as const),
        ]
        expect(read).toEqual(expected)
      }),
    )
  })

  it('know a request to cancel', () => {
    const reader = new MessageReader()
    reader.push(Buffer.from([0, 0, 0, 16, 0x04, 0xd2, 0x16, 0x2e, 0, 0, 0, 1, 0, 0, 0, 2]))
    expect(readAll(reader)).toEqual([{ kind: 'cancel-request' }])
  })

  it('refuse a length that cannot be', () => {
    const reader = new MessageReader()
    reader.push(Buffer.from([0, 0, 0, 3, 0, 0, 0, 0]))
    expect(() => reader.next()).toThrow('cannot be 3 bytes long')
  })
})
