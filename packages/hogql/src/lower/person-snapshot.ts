import * as t from '../catalog/value-type.ts'
import type { Expr } from '../tree/resolved.ts'
import { jsonText, type StoredProperty } from './properties.ts'

/**
 * The person as stored on an event: a map from name to text, in which whatever is no text is JSON behind a first mark, and text that is
 * empty or begins like a mark stands behind a second one (docs/reference/event-store.md).
 */
const snapshot: Expr = { kind: 'stored', column: 'person_snapshot', type: t.unknown }
const jsonMark = '\u0001'
const firstUnmarked = '\u0003'

const value = (text: string): Expr => ({ kind: 'value', value: text, bound: 'String', type: t.string })
const number = (n: number): Expr => ({ kind: 'value', value: n, bound: 'Int64', type: t.integer })
const call = (name: string, type: t.ValueType, ...args: Expr[]): Expr => ({ kind: 'call', name, args, type })
const text = t.nullable(t.string)

/** A property by its path; null where there is none. */
export function snapshotProperty(path: (string | number)[]): StoredProperty {
  const [name, ...rest] = path
  const stored = call('arrayElement', t.string, snapshot, value(String(name)))
  const plain = call(
    'if',
    t.string,
    call('less', t.boolean, stored, value(firstUnmarked)),
    call('substring', t.string, stored, number(2)),
    stored,
  )
  const nothing: Expr = { kind: 'null', type: t.nothing }
  const found = call('if', text, call('equals', t.boolean, stored, value('')), nothing, plain)
  return { text: rest.length > 0 ? jsonText(found, rest) : found }
}

/** All properties as JSON text. */
export const snapshotDocument: Expr = (() => {
  const [name, stored] = [{ wanted: 'name' }, { wanted: 'stored' }]
  const parameter = (of: typeof name): Expr => ({ kind: 'parameter', name: of, type: t.string })
  const isMarked = call('less', t.boolean, parameter(stored), value(firstUnmarked))
  const rest = call('substring', t.string, parameter(stored), number(2))
  const asJson = call(
    'if',
    t.string,
    call('startsWith', t.boolean, parameter(stored), value(jsonMark)),
    rest,
    call('toJSONString', t.string, call('if', t.string, isMarked, rest, parameter(stored))),
  )
  const pair = call('concat', t.string, call('toJSONString', t.string, parameter(name)), value(':'), asJson)
  const pairs = call(
    'arrayMap',
    t.arrayOf(t.string),
    { kind: 'lambda', params: [name, stored], body: pair, type: t.string },
    call('mapKeys', t.arrayOf(t.string), snapshot),
    call('mapValues', t.arrayOf(t.string), snapshot),
  )
  return call('concat', t.string, value('{'), call('arrayStringConcat', t.string, pairs, value(',')), value('}'))
})()
