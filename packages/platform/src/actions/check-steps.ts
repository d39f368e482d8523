import { actionCondition, build, HogqlError } from '@hedgerow/hogql'
import type { ActionStep } from '@hedgerow/protocol'
import type { EventStore } from '@hedgerow/stores'
import { checkRegex } from '../check-regex.ts'
import { invalidInput } from '../errors.ts'

/** Compiles each step once, so that a mistake shows when the action is written and not in every insight that uses it. */
export async function checkSteps(events: EventStore, steps: readonly ActionStep[]): Promise<void> {
  for (const [index, step] of steps.entries()) {
    for (const name of ['text', 'href', 'url'] as const) {
      const pattern = step[name]
      if (step[`${name}_matching`] === 'regex' && pattern) await checkRegex(events, `steps[${index}].${name}`, pattern)
    }
    try {
      actionCondition([step], {
        now: new Date(0),
        timezone: 'UTC',
        scope: 'events',
        pathCleaning: [],
        parseExpr: () => build.constant(true),
      })
    } catch (error) {
      if (!(error instanceof HogqlError)) throw error
      throw invalidInput(`steps[${index}]`, `is not right: ${error.message}`)
    }
  }
}
