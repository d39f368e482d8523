import { HedgerowError } from '@hedgerow/platform'
import type { Schema } from '@hedgerow/protocol'
import { decode } from './decode.ts'

/** A parameter of the query string that holds JSON of that form. */
export function jsonParameter<Output>(schema: Schema<Output>, name: string, text: string | undefined): Output | undefined {
  if (text === undefined || text === '') return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new HedgerowError('invalid_input', `${name} is not JSON: ${error.message}`, { attr: name, cause: error })
  }
  return decode(schema, value)
}
