import { HedgerowError } from '@hedgerow/platform'
import type { Schema } from '@hedgerow/protocol'

/** The value in the schema's form. Throws `required` or `invalid_input` that names the first field that is wrong. */
export function decode<Output>(schema: Schema<Output>, value: unknown): Output {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const attr = issue?.path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('')
  const missing = issue?.path.length === 1 && fieldOf(value, issue.path[0]) === undefined
  if (!attr) throw new HedgerowError('invalid_input', `The body is not right: ${issue?.message ?? 'it has another form'}.`)
  if (missing) throw new HedgerowError('required', `${attr} is required.`, { attr })
  throw new HedgerowError('invalid_input', `${attr} is not right: ${issue?.message}.`, { attr })
}

function fieldOf(value: unknown, name: PropertyKey | undefined): unknown {
  return typeof value === 'object' && value !== null && name !== undefined ? (value as Record<PropertyKey, unknown>)[name] : undefined
}
