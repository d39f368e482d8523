import { type EventStore, EventStoreError } from '@hedgerow/stores'
import { HedgerowError } from './errors.ts'

/** Asks the engine itself, whose RE2 will read it. Throws `invalid_regex`. */
export async function checkRegex(events: EventStore, attr: string, regex: string): Promise<void> {
  try {
    await events.query("SELECT match('', {regex:String})", { params: { regex } })
  } catch (error) {
    if (!(error instanceof EventStoreError) || error.code !== 'bad_query') throw error
    throw new HedgerowError('invalid_regex', `${attr} is not a regular expression that RE2 accepts: ${regex.slice(0, 500)}`, {
      attr,
      cause: error,
    })
  }
}
