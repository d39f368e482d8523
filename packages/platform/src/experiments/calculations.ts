import { calculate, calculationKinds, StatisticsError } from '@hedgerow/experiments'
import { HedgerowError } from '../errors.ts'

/** The calculator of the API and of the command line. Null where there is no answer. @throws HedgerowError */
export function runCalculation(kind: string, input: unknown): unknown {
  try {
    return calculate(kind, input)
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error
    if (error.code === 'unknown_kind') throw new HedgerowError('invalid_input', error.message, { attr: 'kind', cause: error })
    if (error.code === 'invalid_input') throw new HedgerowError('invalid_input', error.message, { attr: 'input', cause: error })
    throw new HedgerowError('not_computable', `${error.code}: ${error.message}`, { attr: 'input', cause: error })
  }
}

/** Every kind that {@link runCalculation} knows. */
export { calculationKinds }
