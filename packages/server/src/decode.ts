import { HedgerowError, invalidInput } from '@hedgerow/platform'
import type { Schema } from '@hedgerow/protocol'

type Issue = NonNullable<ReturnType<Schema<unknown>['safeParse']>['error']>['issues'][number]

/** The value in the schema's form. Throws `required` or `invalid_input` that names the first field that is wrong, and what it is. */
export function decode<Output>(schema: Schema<Output>, value: unknown): Output {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const attr = issue && pathText(issue.path)
  if (!issue || !attr) throw new HedgerowError('invalid_input', `The body is not right: ${issue ? wordsOf(issue) : 'it has another form'}.`)
  const given = issue.path.reduce<unknown>(fieldOf, value)
  if (issue.path.length === 1 && given === undefined) throw new HedgerowError('required', `${attr} is required.`, { attr })
  throw new HedgerowError('invalid_input', `${attr} is not right: ${wordsOf(issue)}${shown(attr, given)}.`, { attr })
}

/** Levels of lists and objects in one another; the parts of a body that may be nested at all are not so by far. */
const maxDepth = 500

/** Throws where some text cannot be stored, with the character 0 or half of a surrogate pair in it; or where it is nested too deep. */
export function requireStorable(value: unknown): void {
  const path = findUnstorable(value, 0)
  if (path === undefined) return
  if (path.length > maxDepth)
    throw new HedgerowError('invalid_input', `The body is not right: it is nested more than ${maxDepth} levels deep.`)
  throw invalidInput(
    pathText(path) || 'body',
    'must not hold the character U+0000, nor half of a surrogate pair: text with them cannot be stored',
  )
}

/** The way to what is wrong. */
function findUnstorable(value: unknown, depth: number): PropertyKey[] | undefined {
  if (typeof value === 'string') return value.includes('\0') || /\p{Surrogate}/u.test(value) ? [] : undefined
  if (typeof value !== 'object' || value === null) return undefined
  if (depth > maxDepth) return []
  for (const [key, item] of Object.entries(value)) {
    const inner = findUnstorable(key, depth) ?? findUnstorable(item, depth + 1)
    if (inner) return [Array.isArray(value) ? Number(key) : key, ...inner]
  }
  return undefined
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`)).join('')

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
}

/** What would be right, also where the schema leaves that to its library, whose words are for developers. */
function wordsOf(issue: Issue): string {
  const { message } = issue
  switch (issue.code) {
    case 'invalid_type':
      return message.startsWith('Invalid input') ? `must be ${kinds[issue.expected] ?? issue.expected}` : message
    case 'invalid_value':
      return message.startsWith('Invalid') ? `must be one of ${issue.values.map(String).join(', ')}` : message
    case 'too_big':
      return isBound(issue) && !message.startsWith('must be at most') ? `must ${boundOf(issue.origin, 'at most', issue.maximum)}` : message
    case 'too_small':
      return isBound(issue) && message.startsWith('Too small') ? `must ${boundOf(issue.origin, 'at least', issue.minimum)}` : message
    case 'unrecognized_keys':
      return `must not have the field ${issue.keys.join(', ')}, which is unknown`
    case 'invalid_union':
      return message === 'Invalid input' ? 'must have one of the forms that are documented' : message
  }
  return message
}

/** Whether the bound is not in the message's own words. */
const isBound = ({ message, ...issue }: Extract<Issue, { code: 'too_big' | 'too_small' }>): boolean =>
  message.startsWith('Too ') || !message.includes(String('maximum' in issue ? issue.maximum : issue.minimum))

function boundOf(origin: string, which: string, bound: number | bigint): string {
  if (origin === 'string') return `have ${which} ${bound} characters`
  if (origin === 'array' || origin === 'set') return `have ${which} ${bound} entries`
  return `be ${which} ${bound}`
}

const maxShown = 60
const isSecret = /password|secret|token|api_key/i

/** The value that is wrong, where that is short and nobody's secret. */
function shown(attr: string, value: unknown): string {
  if (isSecret.test(attr)) return ''
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return `, and is ${value}`
  if (typeof value !== 'string' || value.trim() === '') return ''
  return `, and is ${JSON.stringify(value.length > maxShown ? `${value.slice(0, maxShown)}…` : value)}`
}

function fieldOf(value: unknown, name: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[name] : undefined
}
