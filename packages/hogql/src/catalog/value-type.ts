/** What is known of a value while compiling: enough to choose null semantics and conversions, no more. */
export type ValueType =
  | { name: ScalarName; nullable: boolean }
  | { name: 'array'; item: ValueType; nullable: false }
  | { name: 'tuple'; items: ValueType[]; nullable: false }

export type ScalarName =
  | 'string'
  | 'integer'
  | 'float'
  | 'decimal'
  | 'boolean'
  | 'datetime'
  | 'date'
  | 'uuid'
  | 'interval'
  | 'map'
  /** A JSON document as text. */
  | 'json'
  | 'null'
  /** Anything; taken to be nullable, which costs a wrapper and is never wrong. */
  | 'unknown'

export const string: ValueType = { name: 'string', nullable: false }
export const integer: ValueType = { name: 'integer', nullable: false }
export const float: ValueType = { name: 'float', nullable: false }
export const boolean: ValueType = { name: 'boolean', nullable: false }
export const datetime: ValueType = { name: 'datetime', nullable: false }
export const date: ValueType = { name: 'date', nullable: false }
export const uuid: ValueType = { name: 'uuid', nullable: false }
export const json: ValueType = { name: 'json', nullable: false }
export const interval: ValueType = { name: 'interval', nullable: false }
export const map: ValueType = { name: 'map', nullable: false }
export const nothing: ValueType = { name: 'null', nullable: true }
export const unknown: ValueType = { name: 'unknown', nullable: true }

export function nullable(type: ValueType): ValueType {
  return type.name === 'array' || type.name === 'tuple' || type.nullable ? type : { ...type, nullable: true }
}
export function notNull(type: ValueType): ValueType {
  return type.name === 'array' || type.name === 'tuple' || type.name === 'null' || !type.nullable ? type : { ...type, nullable: false }
}
export const arrayOf = (item: ValueType): ValueType => ({ name: 'array', item, nullable: false })
export const tupleOf = (items: ValueType[]): ValueType => ({ name: 'tuple', items, nullable: false })

/** The type of a choice between both. */
export function eitherOf(a: ValueType, b: ValueType): ValueType {
  if (a.name === 'null') return nullable(b)
  if (b.name === 'null') return nullable(a)
  const either = a.nullable || b.nullable
  if (a.name === b.name) return either ? nullable(a) : a
  const numbers: ScalarName[] = ['integer', 'float', 'decimal', 'boolean']
  if (numbers.includes(a.name as ScalarName) && numbers.includes(b.name as ScalarName)) return { name: 'float', nullable: either }
  return unknown
}
