/** What a property holds, as far as its values told; `null` while nothing but null, lists and objects were seen. */
export type PropertyType = 'String' | 'Numeric' | 'Boolean' | 'DateTime' | null

const dateTime = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:Z|[+-]\d{2}:?\d{2})?)?$/

/** The type of one value. */
export function inferType(name: string, value: unknown): PropertyType {
  switch (typeof value) {
    case 'number':
      // compat: a flag's value may be a variant's name later.
      return name.startsWith('$feature/') ? 'String' : 'Numeric'
    case 'boolean':
      return name.startsWith('$feature/') ? 'String' : 'Boolean'
    case 'string':
      return value.length <= 40 && dateTime.test(value) ? 'DateTime' : 'String'
  }
  return null
}

/** The narrowest type that holds both; it never narrows. */
export function widenType(known: PropertyType, seen: PropertyType): PropertyType {
  if (known === null || known === seen) return seen
  return seen === null ? known : 'String'
}
