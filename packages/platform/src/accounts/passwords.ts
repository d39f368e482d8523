import { type Algorithm, hash, verify } from '@node-rs/argon2'

// Source: OWASP Password Storage Cheat Sheet, argon2id with 19 MiB, two passes, one lane.
const options = { algorithm: 2 satisfies Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string): Promise<string> => hash(password, options)

/** False for a wrong password, and for a hash that is none. */
export async function verifyPassword({ hash: stored, password }: { hash: string; password: string }): Promise<boolean> {
  return stored.startsWith('$argon2') && verify(stored, password)
}
