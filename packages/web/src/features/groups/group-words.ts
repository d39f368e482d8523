import type { GroupTypeBody } from '@hedgerow/protocol'

const capital = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

/** What several groups of a type are called: the name that was given, else the type's own. */
export const pluralOf = ({ name_plural: plural, group_type: type }: GroupTypeBody): string => capital(plural || type)

/** What a group is called: its property `name`, else its key. */
export function groupName(key: string, properties: Readonly<Record<string, unknown>>): string {
  return typeof properties.name === 'string' && properties.name.trim() !== '' ? properties.name : key
}
