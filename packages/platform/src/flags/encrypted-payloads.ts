import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

type Payloads = Readonly<Record<string, unknown>> | null | undefined

const algorithm = 'aes-256-gcm'
const prefix = 'encrypted:1:'
const hidden = '"********* (encrypted)"'

/** Keeps payloads of some flags unreadable in the database and in every answer but one. */
export function createPayloadCipher(secret: string) {
  const key = createHash('sha256').update(`flag payloads ${secret}`).digest()

  function encrypt(text: string): string {
    const iv = randomBytes(12)
    const cipher = createCipheriv(algorithm, key, iv)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return prefix + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64')
  }

  return {
    /** Payloads that an editor left hidden keep what they were. */
    encryptAll(payloads: Payloads, before: Payloads): Record<string, unknown> {
      const sealed = Object.entries(payloads ?? {}).map(([name, payload]) => {
        if (payload === hidden) return [name, before?.[name] ?? payload]
        return [name, typeof payload === 'string' && !payload.startsWith(prefix) ? encrypt(payload) : payload]
      })
      return Object.fromEntries(sealed)
    },

    decrypt(payload: string): string {
      if (!payload.startsWith(prefix)) return payload
      const bytes = Buffer.from(payload.slice(prefix.length), 'base64')
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    },
  }
}

export type PayloadCipher = ReturnType<typeof createPayloadCipher>

/** One that nobody but the server can read, or what is shown in its place. */
const isSealed = (payload: unknown): boolean => typeof payload === 'string' && (payload === hidden || payload.startsWith(prefix))

export const holdsSealed = (payloads: Payloads): boolean => Object.values(payloads ?? {}).some(isSealed)

export const withoutSealed = (payloads: Payloads): Record<string, unknown> =>
  Object.fromEntries(Object.entries(payloads ?? {}).filter(([, payload]) => !isSealed(payload)))

/** What is shown in the place of one; nothing where there is none. */
export const shownPayload = (payload: string | null): string | null => (payload === null ? null : hidden)

/** What is shown in their place. */
export function shownPayloads(payloads: Payloads): Record<string, unknown> {
  return Object.fromEntries(Object.keys(payloads ?? {}).map((name) => [name, hidden]))
}
