import type { Stores } from '@hedgerow/stores'

export interface Health {
  isHealthy: boolean
  /** What is wrong, for people; empty when all is well. */
  reasons: string[]
}

export interface HealthOptions {
  timeoutMs: number
  /** `starting`, `running` or `stopping`. */
  phase: () => string
  /** Why ingestion stands still, if it does. */
  stalled: () => string | undefined
}

/** Asks each store for a sign of life. */
export async function checkHealth(stores: Stores, { timeoutMs, phase, stalled }: HealthOptions): Promise<Health> {
  const failures = await Promise.all([
    failureOf('The event store', stores.events.ping(), timeoutMs),
    failureOf('The application store', stores.application.ping(), timeoutMs),
    failureOf('The event log', logIsWritable(stores), timeoutMs),
  ])
  const ingestion = stalled()
  const reasons = [
    ...(phase() === 'running' ? [] : [`Hedgerow is ${phase()}.`]),
    ...failures.filter((failure) => failure !== undefined),
    ...(ingestion === undefined ? [] : [`Ingestion stands still: ${ingestion}`]),
  ]
  return { isHealthy: reasons.length === 0, reasons }
}

async function logIsWritable(stores: Stores): Promise<void> {
  const { usedBytes, limitBytes } = await stores.log.size()
  if (usedBytes >= limitBytes) throw new Error(`it is full (${usedBytes} of ${limitBytes} bytes)`)
}

async function failureOf(what: string, answer: Promise<unknown>, timeoutMs: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    await Promise.race([answer, late])
    return undefined
  } catch (error) {
    return `${what} does not answer: ${error instanceof Error ? error.message : String(error)}.`
  } finally {
    clearTimeout(timer)
  }
}
