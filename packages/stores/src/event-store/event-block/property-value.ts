import { type ByteColumn, varintLength } from './byte-column.ts'

/** Types as the engine writes them in front of a value. */
const int64 = 0x0a
const float64 = 0x0e
const string = 0x15
const array = 0x1e
const nullable = 0x23
const boolean = 0x2d

/** The type that the engine’s own parser would give the elements, where it is known here; else undefined. */
function elementTypeOf(list: readonly unknown[]): number | undefined {
  let type: number | undefined
  for (const item of list) {
    if (item === null) continue
    const own = typeOf(item)
    if (own === undefined) return undefined
    if (type === undefined || type === own) type = own
    else if ((type === int64 || type === float64) && (own === int64 || own === float64)) type = float64
    else return undefined
  }
  return type ?? string
}

/** Whether {@link writeValue} can write it. Null is no value: it is left out. */
export function isWritable(value: unknown): boolean {
  return Array.isArray(value) ? elementTypeOf(value) !== undefined : typeOf(value) !== undefined
}

function typeOf(value: unknown): number | undefined {
  if (typeof value === 'string') return string
  if (typeof value === 'boolean') return boolean
  if (typeof value !== 'number') return undefined
  if (Number.isSafeInteger(value)) return int64
  // Beyond the safe ones, what a number's text stands for depends on who reads it.
  return Number.isInteger(value) ? undefined : float64
}

/** What the engine makes of a text, number or truth that is read as text. */
export function scalarText(value: unknown): string {
  if (typeof value === 'string') return value
  return Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e')
}

/** A value with its type behind the length of both, as the shared data of a `JSON` column holds it. */
export function writeValue(into: ByteColumn, value: unknown): void {
  if (typeof value === 'string') {
    into.typedText(value)
    return
  }
  if (Array.isArray(value)) {
    writeList(into, value)
    return
  }
  const type = typeOf(value) as number
  into.varint(1 + fixedLength(type))
  into.byte(type)
  writeScalar(into, type, value)
}

function writeList(into: ByteColumn, list: readonly unknown[]): void {
  const type = elementTypeOf(list) as number
  let length = 3 + varintLength(list.length) + list.length
  for (const item of list) if (item !== null) length += type === string ? textLength(item as string) : fixedLength(type)
  into.varint(length)
  into.byte(array)
  into.byte(nullable)
  into.byte(type)
  into.varint(list.length)
  for (const item of list) {
    into.byte(item === null ? 1 : 0)
    if (item !== null) writeScalar(into, type, item)
  }
}

function writeScalar(into: ByteColumn, type: number, value: unknown): void {
  if (type === string) into.text(value as string)
  else if (type === boolean) into.byte(value === true ? 1 : 0)
  else if (type === int64) into.int64(value as number)
  else into.float64(value as number)
}

const fixedLength = (type: number): number => (type === boolean ? 1 : 8)

function textLength(text: string): number {
  const length = Buffer.byteLength(text)
  return varintLength(length) + length
}
