import * as t from '../catalog/value-type.ts'
import type { CompileContext } from '../context.ts'
import { parseEngineInstant } from '../dates/zoned-time.ts'
import { HogqlError, type Span } from '../errors.ts'
import type { Decision, Expr, OpenNodes, Query } from '../tree/resolved.ts'
import { wholeDocument } from './document.ts'
import { type Inner, rewriteQuery, type Use } from './rewrite.ts'

type Before = Decision
type After = Exclude<Decision, 'comparison'>
type Node = Expr<After>

/**
 * HogQL's comparisons are always true or false: null equals null, and differs from everything else; `<` and its like are
 * false with a null. Values of different types are brought to one first: text beside an instant is read as an instant in
 * the project's time zone, text beside a number as a number.
 */
export function lowerComparisons(query: Query<Before>, context: CompileContext): Query<After> {
  return rewriteQuery<Before, After>(query, {
    kinds: ['comparison'],
    expr: (node, inner, use) => comparison(node as OpenNodes<Before>['comparison'], inner, use, context),
  })
}

const call = (name: string, ...args: Node[]): Node => ({ kind: 'call', name, args, type: t.boolean })
const flag = (value: 0 | 1): Node => ({ kind: 'value', value, bound: 'UInt8', type: t.integer })
const isNull = (expr: Node): Node => (expr.kind === 'null' ? flag(1) : expr.type.nullable ? call('isNull', expr) : flag(0))
const isNotNull = (expr: Node): Node => (expr.kind === 'null' ? flag(0) : expr.type.nullable ? call('isNotNull', expr) : flag(1))

function comparison(node: OpenNodes<Before>['comparison'], inner: Inner<Before, After>, use: Use, context: CompileContext): Node {
  const given = { left: wholeDocument(inner(node.left)), right: wholeDocument(inner(node.right)) }
  const isNever = isForeign(given.left, given.right) || isForeign(given.right, given.left)
  switch (node.op) {
    case '=':
    case '!=': {
      if (isNever) return flag(node.op === '=' ? 0 : 1)
      const plain = node.op === '=' ? storedBeside(given.left, given.right) : given
      const { left, right } = sameType(plain.left, plain.right, context, node.span)
      return node.op === '=' ? alike('equals', left, right, use) : unlike('notEquals', left, right, use)
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      if (isNever) return flag(0)
      const { left, right } = sameType(given.left, given.right, context, node.span)
      return ordered(orderNames[node.op], left, right, use)
    }
    case 'like':
    case 'ilike':
      return alike(node.op, textOf(given.left), textOf(given.right), use)
    case 'not like':
    case 'not ilike':
      return unlike(node.op === 'not like' ? 'notLike' : 'notILike', textOf(given.left), textOf(given.right), use)
    case '=~':
      return alike('match', textOf(given.left), textOf(given.right), use)
    case '=~*':
      return alike('match', textOf(given.left), caseless(textOf(given.right)), use)
    case '!~':
      return pattern(textOf(given.left), textOf(given.right), use)
    case '!~*':
      return pattern(textOf(given.left), caseless(textOf(given.right)), use)
    case 'in':
    case 'not in':
      return membership(node.op === 'not in', given.left, given.right, context, use, node.span)
  }
}

/**
 * A column that stands for null where it is stored empty, beside a text that is not: compared as it is stored, so that the
 * engine's index serves it.
 */
function storedBeside(left: Node, right: Node): { left: Node; right: Node } {
  return { left: asStored(left, right), right: asStored(right, left) }
}
const isFilled = (expr: Node) => expr.kind === 'value' && typeof expr.value === 'string' && expr.value !== ''
function asStored(expr: Node, beside: Node): Node {
  if (expr.kind !== 'tableColumn' || expr.type.name !== 'string' || expr.table.optional || !isFilled(beside)) return expr
  const isPlain = expr.type.nullable ? emptyIsNull.has(expr.column) : expr.column === 'person_mode' && personModes.includes(textIn(beside))
  return isPlain ? { ...expr, raw: true, type: t.string } : expr
}
const emptyIsNull = new Set(['$session_id', '$window_id'])
/** The values of an enum: the engine refuses to compare it with any other text. */
const personModes = ['full', 'propertyless', 'force_upgrade']
const textIn = (expr: Node) => (expr.kind === 'value' ? String(expr.value) : '')

const orderNames = { '<': 'less', '<=': 'lessOrEquals', '>': 'greater', '>=': 'greaterOrEquals' } as const

/** True for two nulls, false for one. */
function alike(name: string, left: Node, right: Node, use: Use): Node {
  if (left.kind === 'null') return isNull(right)
  if (right.kind === 'null') return isNull(left)
  const plain = call(name, left, right)
  const either = left.type.nullable || right.type.nullable
  if (!either || use === 'pairing') return plain
  if (left.type.nullable && right.type.nullable) return call('ifNull', plain, call('and', isNull(left), isNull(right)))
  return use === 'filter' ? plain : call('ifNull', plain, flag(0))
}

/** False for two nulls, true for one. */
function unlike(name: string, left: Node, right: Node, use: Use): Node {
  if (left.kind === 'null') return isNotNull(right)
  if (right.kind === 'null') return isNotNull(left)
  const plain = call(name, left, right)
  if (!left.type.nullable && !right.type.nullable) return plain
  if (use === 'pairing') return plain
  if (left.type.nullable && right.type.nullable) return call('ifNull', plain, call('or', isNotNull(left), isNotNull(right)))
  return call('ifNull', plain, flag(1))
}

function pattern(left: Node, right: Node, use: Use): Node {
  if (left.kind === 'null' || right.kind === 'null') return unlike('match', left, right, use)
  const plain = call('not', call('match', left, right))
  if (!left.type.nullable && !right.type.nullable) return plain
  const both = left.type.nullable && right.type.nullable
  return call('ifNull', plain, both ? call('or', isNotNull(left), isNotNull(right)) : flag(1))
}

/** False with any null. */
function ordered(name: string, left: Node, right: Node, use: Use): Node {
  if (left.kind === 'null' || right.kind === 'null') return flag(0)
  const plain = call(name, left, right)
  if (use !== 'value' || (!left.type.nullable && !right.type.nullable)) return plain
  return call('ifNull', plain, flag(0))
}

function caseless(expr: Node): Node {
  if (expr.kind === 'null') return expr
  return { kind: 'call', name: 'concat', args: [{ kind: 'value', value: '(?i)', bound: 'String', type: t.string }, expr], type: expr.type }
}

function membership(negated: boolean, left: Node, right: Node, context: CompileContext, use: Use, span?: Span): Node {
  const list = listItems(right)
  if (!list) {
    if (right.kind === 'subquery') return call(negated ? 'notIn' : 'in', left, right)
    const has = call('has', right, left)
    return negated ? call('not', has) : has
  }
  const items = list.filter((item) => item.kind !== 'null' && !isForeign(item, left)).map((item) => sameType(left, item, context, span))
  const withNull = list.some((item) => item.kind === 'null')
  const computed = items.some(({ right: item }) => !isConstant(item))
  const either = computed
    ? call('or', flag(0), ...items.map(({ left: one, right: item }) => alike('equals', one, item, use)))
    : constantMembership(
        items.map(({ right: item }) => item),
        items[0]?.left ?? left,
        use,
      )
  const found = withNull ? call('or', isNull(left), either) : either
  return negated ? call('not', onlyTrue(found)) : found
}

function constantMembership(items: Node[], left: Node, use: Use): Node {
  if (items.length === 0) return flag(0)
  const plain = call('in', left, { kind: 'call', name: 'tuple', args: items, type: t.unknown })
  return left.type.nullable && use === 'value' ? call('ifNull', plain, flag(0)) : plain
}

function onlyTrue(expr: Node): Node {
  return call('ifNull', expr, flag(0))
}

function listItems(expr: Node): Node[] | undefined {
  return expr.kind === 'call' && (expr.name === 'tuple' || expr.name === 'array') ? expr.args : undefined
}

function isConstant(expr: Node): boolean {
  if (expr.kind === 'value' || expr.kind === 'null') return true
  return expr.kind === 'call' && (expr.name === 'tuple' || expr.name === 'array') && expr.args.every(isConstant)
}

/** LIKE and regular expressions look at text. */
function textOf(expr: Node): Node {
  const { name } = expr.type
  if (name === 'string' || name === 'null' || name === 'json' || name === 'unknown') return expr
  return { kind: 'call', name: 'toString', args: [expr], type: expr.type.nullable ? t.nullable(t.string) : t.string }
}

/** Brings both sides to types that the engine can compare. */
function sameType(left: Node, right: Node, context: CompileContext, span?: Span): { left: Node; right: Node } {
  return { left: beside(left, right, context, span), right: beside(right, left, context, span) }
}

function beside(expr: Node, other: Node, context: CompileContext, span?: Span): Node {
  const text = expr.type.name === 'string'
  const constant = expr.kind === 'value' && typeof expr.value === 'string' ? expr.value : undefined
  switch (other.type.name) {
    case 'datetime':
      if (constant !== undefined) return instantOf(constant, context, span)
      if (expr.type.name === 'date')
        return { kind: 'call', name: 'toDateTime64', args: [expr, six, zone(context)], type: keepNull(t.datetime, expr) }
      return text
        ? { kind: 'call', name: 'parseDateTime64BestEffortOrNull', args: [expr, six, zone(context)], type: t.nullable(t.datetime) }
        : expr
    case 'date':
      if (constant === undefined) return expr
      if (/^\d{4}-\d{2}-\d{2}$/.test(constant)) return { kind: 'value', value: constant, bound: 'Date', type: t.date }
      return instantOf(constant, context, span)
    case 'integer':
    case 'float':
    case 'decimal':
      if (constant !== undefined && isNumber(constant)) {
        return { kind: 'value', value: Number(constant), bound: 'Float64', type: t.float }
      }
      return text ? { kind: 'call', name: 'toFloat64OrNull', args: [expr], type: t.nullable(t.float) } : expr
    case 'boolean':
      if (constant !== undefined && booleanText.test(constant))
        return { kind: 'value', value: trueText.test(constant), bound: 'Bool', type: t.boolean }
      return text
        ? {
            kind: 'call',
            name: 'accurateCastOrNull',
            args: [expr, { kind: 'value', value: 'Bool', bound: 'String', type: t.string }],
            type: t.nullable(t.boolean),
          }
        : expr
    case 'string':
      // Text beside a boolean constant: `properties.x = true` of a property that nothing is known of.
      if (expr.kind === 'value' && typeof expr.value === 'boolean' && other.kind !== 'value')
        return { kind: 'value', value: String(expr.value), bound: 'String', type: t.string }
      if (expr.type.name === 'uuid' && !isUuid(other))
        return { kind: 'call', name: 'toString', args: [expr], type: keepNull(t.string, expr) }
      return expr
    case 'uuid':
      if (constant !== undefined && isUuid(expr)) return { kind: 'value', value: constant, bound: 'UUID', type: t.uuid }
      return expr
    case 'array':
    case 'tuple':
    case 'interval':
    case 'map':
    case 'json':
    case 'null':
    case 'unknown':
      return expr
  }
}

const booleanText = /^(true|false|yes|no|on|off|[tfyn01])$/i
const trueText = /^(true|yes|on|[ty1])$/i
const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text))

/** A text that no value of the other's type is, such as `abc` beside a number: not even where that has none is it equal. */
function isForeign(expr: Node, other: Node): boolean {
  if (expr.kind !== 'value' || typeof expr.value !== 'string' || expr.type.name !== 'string') return false
  const { name } = other.type
  if (name === 'boolean') return !booleanText.test(expr.value)
  return (name === 'integer' || name === 'float' || name === 'decimal') && !isNumber(expr.value)
}

const six: Node = { kind: 'value', value: 6, bound: 'UInt8', type: t.integer }
const zone = (context: CompileContext): Node => ({ kind: 'value', value: context.timezone, bound: 'String', type: t.string })
const keepNull = (type: t.ValueType, of: Node) => (of.type.nullable ? t.nullable(type) : type)

function isUuid(expr: Node): boolean {
  return (
    expr.kind === 'value' &&
    typeof expr.value === 'string' &&
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(expr.value)
  )
}

function instantOf(text: string, context: CompileContext, span?: Span): Node {
  const instant = parseEngineInstant(text, context.timezone)
  if (instant === undefined)
    throw new HogqlError('invalid_value', `"${text}" is not a date; write it like 2024-01-31 or 2024-01-31 13:30:00`, span)
  return { kind: 'value', value: instant, bound: "DateTime64(6, 'UTC')", type: t.datetime }
}
