import * as t from '../catalog/value-type.ts'
import type { CompileContext } from '../context.ts'
import type { Expr } from '../tree/resolved.ts'

const value = (text: string): Expr => ({ kind: 'value', value: text, bound: 'String', type: t.string })
const call = (name: string, type: t.ValueType, ...args: Expr[]): Expr => ({ kind: 'call', name, args, type })
const text = t.nullable(t.string)

/** How one property can be read from where it is stored. */
export interface StoredProperty {
  /** Text as in 9.5 of the query rules: strings unquoted, all else as JSON, null for JSON null and for none. */
  text: Expr
  /** The value itself, of any type, where the engine has it so. */
  dynamic?: Expr
}

/** A property of a JSON column. `typed`: the engine keeps this path as nullable text. */
export function storedProperty(column: string, path: (string | number)[], typed: boolean, mayBeObject: boolean): StoredProperty {
  const index = path.findIndex((link) => typeof link === 'number')
  const names = (index < 0 ? path : path.slice(0, index)).map(String)
  const rest = index < 0 ? [] : path.slice(index)
  // An empty name cannot be written as a path of the engine; it is looked up in the document's text.
  if (names.length === 0 || names.includes('')) {
    return { text: jsonText(call('toJSONString', t.string, { kind: 'stored', column, type: t.json }), path) }
  }
  if (typed && names.length === 1) {
    const plain: Expr = { kind: 'stored', column, json: { path: names }, type: text }
    return { text: rest.length ? jsonText(plain, rest) : plain }
  }
  const dynamic: Expr = { kind: 'stored', column, json: { path: names }, type: t.unknown }
  const asText = dynamicText(dynamic, column, names, mayBeObject || rest.length > 0)
  return rest.length ? { text: jsonText(asText, rest) } : { text: asText, dynamic }
}

function dynamicText(dynamic: Expr, column: string, path: string[], mayBeObject: boolean): Expr {
  const isArray = call('startsWith', t.boolean, call('dynamicType', t.string, dynamic), value('Array'))
  const scalar: Expr = { kind: 'cast', expr: dynamic, to: 'Nullable(String)', type: text }
  const array = call('toJSONString', text, dynamic)
  if (!mayBeObject) return call('if', text, isArray, array, scalar)
  const object: Expr = { kind: 'stored', column, json: { path, object: true }, type: t.json }
  const nothing: Expr = { kind: 'null', type: t.nothing }
  const asObject = call('if', text, call('empty', t.boolean, object), nothing, call('toJSONString', t.string, object))
  return call('multiIf', text, isArray, array, call('isNotNull', t.boolean, dynamic), scalar, asObject)
}

/** A value inside JSON that is at hand as text. Indexes count from 1. */
export function jsonText(document: Expr, path: (string | number)[]): Expr {
  const links = path.map(
    (link): Expr => (typeof link === 'number' ? { kind: 'value', value: link, bound: 'Int64', type: t.integer } : value(link)),
  )
  return call('JSONExtract', text, call('ifNull', t.string, document, value('')), ...links, value('Nullable(String)'))
}

/** The property as its definition says. Text that does not fit is null. */
export function typedProperty(stored: StoredProperty, type: t.ValueType, context: CompileContext): Expr {
  switch (type.name) {
    case 'float':
      return call('toFloat64OrNull', type, stored.dynamic ? scalarText(stored.dynamic) : stored.text)
    case 'boolean': {
      const of = stored.dynamic ? scalarText(stored.dynamic) : stored.text
      const isText = (wanted: string) => call('equals', t.nullable(t.boolean), of, value(wanted))
      const flag = (wanted: boolean): Expr => ({ kind: 'value', value: wanted, bound: 'Bool', type: t.boolean })
      return call('multiIf', type, isText('true'), flag(true), isText('false'), flag(false), { kind: 'null', type: t.nothing })
    }
    case 'datetime':
      return call(
        'parseDateTime64BestEffortOrNull',
        type,
        stored.dynamic ? scalarText(stored.dynamic) : stored.text,
        { kind: 'value', value: 6, bound: 'UInt8', type: t.integer },
        value(context.timezone),
      )
    default:
      return stored.text
  }
}

const scalarText = (dynamic: Expr): Expr => ({ kind: 'cast', expr: dynamic, to: 'Nullable(String)', type: text })
