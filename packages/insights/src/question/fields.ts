import { invalidQuestion, type QueryNode } from '../context.ts'

/** Fields of a query node, checked. `name` is the field's place, for the message; null counts as missing. */

/** An object; empty where it is missing. @throws HogqlError */
export function readObject(given: unknown, name: string): QueryNode {
  if (given === undefined || given === null) return {}
  if (typeof given !== 'object' || Array.isArray(given)) throw invalidQuestion(`${name} must be an object, not ${shown(given)}`)
  return given as QueryNode
}

/** One of the choices; the first where it is missing. @throws HogqlError */
export function readChoice<Choice extends string>(given: unknown, choices: readonly [Choice, ...Choice[]], name: string): Choice {
  if (given === undefined || given === null) return choices[0]
  const found = choices.find((choice) => choice === given)
  if (found === undefined) throw invalidQuestion(`${name} must be one of ${choices.join(', ')}, not ${shown(given)}`)
  return found
}

/** A whole number in the range, both ends included. @throws HogqlError */
export function readWhole(given: unknown, [least, most]: readonly [number, number], name: string): number | undefined {
  if (given === undefined || given === null) return undefined
  if (typeof given !== 'number' || !Number.isInteger(given) || given < least || given > most)
    throw invalidQuestion(`${name} must be a whole number, ${least} to ${most}, not ${shown(given)}`)
  return given
}

/** A list of non-empty texts; empty where it is missing. @throws HogqlError */
export function readTexts(given: unknown, most: number, name: string): string[] {
  if (given === undefined || given === null) return []
  if (!Array.isArray(given) || !given.every((item) => typeof item === 'string'))
    throw invalidQuestion(`${name} must be a list of texts, not ${shown(given)}`)
  if (given.length > most) throw invalidQuestion(`${name} can have ${most} entries at most; there are ${given.length}`)
  return given.filter((item) => item !== '')
}

/** A text; undefined where it is missing or empty. @throws HogqlError */
export function readText(given: unknown, name: string): string | undefined {
  if (given === undefined || given === null || given === '') return undefined
  if (typeof given !== 'string') throw invalidQuestion(`${name} must be a text, not ${shown(given)}`)
  return given
}

/** @throws HogqlError */
export function readFlag(given: unknown, name: string): boolean {
  if (given === undefined || given === null) return false
  if (typeof given !== 'boolean') throw invalidQuestion(`${name} must be true or false, not ${shown(given)}`)
  return given
}

const shownLength = 200
const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, shownLength)
