import { invalidInput } from '@hedgerow/platform'
import { type PropertyFilter, propertyFilter } from '@hedgerow/protocol'
import { decode } from './decode.ts'

/** Property filters in a query string: a JSON list. */
export function filtersIn(text: string | undefined): PropertyFilter[] {
  if (text === undefined || text === '') return []
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw invalidInput('properties', 'must be a JSON list of property filters')
  }
  if (!Array.isArray(parsed)) throw invalidInput('properties', 'must be a JSON list of property filters')
  return parsed.map((item) => decode(propertyFilter, item))
}
