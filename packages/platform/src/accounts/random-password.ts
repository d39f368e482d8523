import { randomInt } from 'node:crypto'

// why: letters and digits that are not easily mistaken for one another, since people read them out.
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A password of 20 letters and digits: 99 bits. */
export const randomPassword = (): string => Array.from({ length: 20 }, () => alphabet[randomInt(alphabet.length)]).join('')
