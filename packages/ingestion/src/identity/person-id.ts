import { createHash } from 'node:crypto'

// compat: PostHog's namespace for persons that are known before they exist.
const namespace = Buffer.from('932979b465c3442484670b66ec27bc22', 'hex')

/**
 * The id of the person that is created from this distinct id (UUID version 5). A personless event carries
 * it too, though no such person exists yet.
 */
export function personIdOf(projectId: number, distinctId: string): string {
  const hash = createHash('sha1').update(namespace).update(`${projectId}:${distinctId}`, 'utf8').digest()
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  const hex = hash.toString('hex', 0, 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
