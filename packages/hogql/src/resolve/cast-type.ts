import * as t from '../catalog/value-type.ts'
import { HogqlError, type Span } from '../errors.ts'
import { nearMiss } from '../near-miss.ts'

const scalars: Record<string, { engineType: string; type: t.ValueType }> = {
  string: { engineType: 'String', type: t.string },
  text: { engineType: 'String', type: t.string },
  varchar: { engineType: 'String', type: t.string },
  char: { engineType: 'String', type: t.string },
  int: { engineType: 'Int64', type: t.integer },
  integer: { engineType: 'Int64', type: t.integer },
  bigint: { engineType: 'Int64', type: t.integer },
  smallint: { engineType: 'Int16', type: t.integer },
  tinyint: { engineType: 'Int8', type: t.integer },
  int8: { engineType: 'Int8', type: t.integer },
  int16: { engineType: 'Int16', type: t.integer },
  int32: { engineType: 'Int32', type: t.integer },
  int64: { engineType: 'Int64', type: t.integer },
  uint8: { engineType: 'UInt8', type: t.integer },
  uint16: { engineType: 'UInt16', type: t.integer },
  uint32: { engineType: 'UInt32', type: t.integer },
  uint64: { engineType: 'UInt64', type: t.integer },
  float: { engineType: 'Float64', type: t.float },
  double: { engineType: 'Float64', type: t.float },
  real: { engineType: 'Float64', type: t.float },
  float32: { engineType: 'Float32', type: t.float },
  float64: { engineType: 'Float64', type: t.float },
  numeric: { engineType: 'Float64', type: t.float },
  bool: { engineType: 'Bool', type: t.boolean },
  boolean: { engineType: 'Bool', type: t.boolean },
  date: { engineType: 'Date', type: t.date },
  date32: { engineType: 'Date32', type: t.date },
  datetime: { engineType: "DateTime64(6, 'UTC')", type: t.datetime },
  datetime64: { engineType: "DateTime64(6, 'UTC')", type: t.datetime },
  timestamp: { engineType: "DateTime64(6, 'UTC')", type: t.datetime },
  uuid: { engineType: 'UUID', type: t.uuid },
}

/** Types whose text may be wrong: a cast to them is the function, which gives null then, and reads dates in the project's time zone. */
const byFunction: Record<string, string | undefined> = {
  int: 'toInt',
  integer: 'toInt',
  bigint: 'toInt',
  float: 'toFloat',
  double: 'toFloat',
  real: 'toFloat',
  numeric: 'toFloat',
  bool: 'toBool',
  boolean: 'toBool',
  uuid: 'toUUID',
  date: 'toDate',
  datetime: 'toDateTime',
  timestamp: 'toDateTime',
}

/** The function that `x::name` stands for, if it is one. Of a number only an instant is made by a function: the others cut it as it is. */
export function castFunction(text: string, of: t.ValueType): string | undefined {
  const name = byFunction[text.trim().toLowerCase()]
  const isText = of.name === 'string' || of.name === 'json' || of.name === 'unknown'
  return isText || name === 'toDate' || name === 'toDateTime' ? name : undefined
}

/** The type of `x::name`. Only names of the table, `array(…)`, `nullable(…)` and `decimal(p, s)`: nothing of the text reaches the engine. */
export function castType(text: string, span?: Span): { engineType: string; type: t.ValueType } {
  const name = text.trim().toLowerCase()
  if (Object.hasOwn(scalars, name)) return scalars[name] ?? { engineType: 'String', type: t.string }
  const decimal = /^(?:decimal|numeric)\(\s*(\d{1,2})\s*(?:,\s*(\d{1,2})\s*)?\)$/.exec(name)
  if (decimal && Number(decimal[1]) <= 76 && Number(decimal[2] ?? 0) <= Number(decimal[1])) {
    return { engineType: `Decimal(${Number(decimal[1])}, ${Number(decimal[2] ?? 0)})`, type: { name: 'decimal', nullable: false } }
  }
  const wrapped = /^(array|nullable|lowcardinality)\((.*)\)$/s.exec(name)
  if (wrapped) {
    const inner = castType(wrapped[2] ?? '', span)
    if (wrapped[1] === 'array') return { engineType: `Array(${inner.engineType})`, type: t.arrayOf(inner.type) }
    if (wrapped[1] === 'lowcardinality') return inner
    if (inner.type.name === 'array') throw new HogqlError('invalid_value', 'An array cannot be nullable', span)
    return {
      engineType: inner.engineType.startsWith('Nullable(') ? inner.engineType : `Nullable(${inner.engineType})`,
      type: t.nullable(inner.type),
    }
  }
  throw new HogqlError(
    'invalid_value',
    `Unknown type "${text}".${nearMiss(name, [...Object.keys(scalars), 'decimal', 'array', 'nullable'])}`,
    span,
  )
}
