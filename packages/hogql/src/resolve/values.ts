import * as t from '../catalog/value-type.ts'
import { HogqlError, type Span } from '../errors.ts'
import type { BoundType, Expr } from '../tree/resolved.ts'
import type { ConstantValue } from '../tree/syntax.ts'
import { placed } from './resolver.ts'

type ValueNode = Extract<Expr, { kind: 'value' | 'null' }>

const integerTypes: [BoundType, bigint, bigint][] = [
  ['UInt8', 0n, 0xffn],
  ['UInt16', 0n, 0xffffn],
  ['UInt32', 0n, 0xffffffffn],
  ['UInt64', 0n, 0xffffffffffffffffn],
  ['Int8', -0x80n, 0n],
  ['Int16', -0x8000n, 0n],
  ['Int32', -0x80000000n, 0n],
  ['Int64', -0x8000000000000000n, 0n],
  ['Int256', -(1n << 255n), (1n << 255n) - 1n],
]

/** A constant, bound with the type that ClickHouse gives to the same literal. */
export function valueNode(value: ConstantValue, span?: Span): ValueNode {
  const at = span ? { span } : {}
  switch (typeof value) {
    case 'string':
      return placed({ kind: 'value', value, bound: 'String', type: t.string }, span)
    case 'boolean':
      return { kind: 'value', value, bound: 'Bool', type: t.boolean, ...at }
    case 'bigint':
      return integerNode(value, at)
    case 'number':
      if (Number.isSafeInteger(value)) return placed({ kind: 'value', value, bound: safeIntegerType(value), type: t.integer }, span)
      return { kind: 'value', value, bound: 'Float64', type: t.float, ...at }
    case 'object':
      return { kind: 'null', type: t.nothing, ...at }
  }
}

function safeIntegerType(value: number): BoundType {
  if (value >= 0) return value <= 0xff ? 'UInt8' : value <= 0xffff ? 'UInt16' : value <= 0xffffffff ? 'UInt32' : 'UInt64'
  return value >= -0x80 ? 'Int8' : value >= -0x8000 ? 'Int16' : value >= -0x80000000 ? 'Int32' : 'Int64'
}

function integerNode(value: bigint, at: { span?: Span }): ValueNode {
  const fitting = integerTypes.find(([, low, high]) => value >= low && value <= high)
  if (!fitting) throw new HogqlError('invalid_value', `The number ${value} is too large`, at.span)
  const small = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
  return { kind: 'value', value: small ? Number(value) : value, bound: fitting[0], type: t.integer, ...at }
}
