import type { GroupTypeBody } from '@hedgerow/protocol'

const capital = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

/** Keys are mostly in the singular, `company`; one that ends in s is taken for a plural already. */
function inPlural(word: string): string {
  if (/[^aeiou]y$/i.test(word)) return `${word.slice(0, -1)}ies`
  if (/(x|ch|sh|ss)$/i.test(word)) return `${word}es`
  return /[a-rt-z]$/i.test(word) ? `${word}s` : word
}

/** What several groups of a type are called: the name that was given, else the plural of the type's own. */
export const pluralOf = ({ name_plural: plural, group_type: type }: GroupTypeBody): string => capital(plural || inPlural(type))

/** What a group is called: its property `name`, else its key. */
export function groupName(key: string, properties: Readonly<Record<string, unknown>>): string {
  return typeof properties.name === 'string' && properties.name.trim() !== '' ? properties.name : key
}
