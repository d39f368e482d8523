import { calculationKinds, HedgerowError, runCalculation } from '@hedgerow/platform'
import { type Command, UsageError } from './command.ts'

export const statsCommand: Command = {
  name: 'stats',
  summary: 'a statistic of experiments from JSON on standard input: hedgerow stats frequentist < input.json',
  description: `Prints the answer as JSON; the exit code is 1 where there is none for that input. Kinds: ${calculationKinds.join(', ')}. What each takes and answers is told in docs/guide/experiments.md.`,
  options: [],
  maxArguments: 1,
  async run(_values, [kind], terminal) {
    if (kind === undefined) throw new UsageError(`hedgerow stats needs a kind: ${calculationKinds.join(', ')}.`)
    try {
      terminal.out(JSON.stringify(runCalculation(kind, parsed(await terminal.read())), undefined, 2))
      return 0
    } catch (error) {
      if (!(error instanceof HedgerowError)) throw error
      terminal.err(error.message)
      return error.attr === 'kind' ? 2 : 1
    }
  },
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(`Standard input must be JSON, such as {"n": 100, "sum": 25}: ${(error as Error).message}`, { cause: error })
  }
}
