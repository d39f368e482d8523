import { z } from 'zod'

/** Text that a database can hold, of at most so many characters. */
export const storedText = (most: number) =>
  z
    .string({ error: 'must be text' })
    .max(most, `must have at most ${most} characters`)
    .refine((text) => !/[\0\p{Cs}]/u.test(text), 'must not hold NUL or halves of characters')

/** Labels of an object. */
export const storedTags = z
  .array(storedText(100).min(1, 'must not be empty'), { error: 'must be a list of texts' })
  .max(50, 'must have at most 50 entries')
  .transform((tags) => [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ''))])

/** Comma-separated ids in a query string. */
export const commaList = z.string().transform((text) => text.split(',').filter((part) => part !== ''))
