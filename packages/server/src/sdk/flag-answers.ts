import type { RemoteConfig } from './remote-config.ts'

/** What was decided about one flag. The same object stands for the same decision about many. */
export interface FlagDecision {
  readonly key: string
  readonly enabled: boolean
  /** Only of an enabled flag. */
  readonly variant: string | null
  readonly reason: { code: string; condition_index: number | null; description: string }
  readonly metadata: {
    id: number
    version: number
    description: string | null
    /** JSON as text. */
    payload: string | null
    has_experiment: boolean
  }
  /** It could not be decided; only there if so. */
  readonly failed?: true
}

export interface FlagsResult {
  flags: readonly FlagDecision[]
  errorsWhileComputingFlags: boolean
  requestId: string
  /** Milliseconds since 1970. */
  evaluatedAt: number
  /** The project has asked as often as it may this month: there are no flags in the answer. Only there if so. */
  quotaLimited?: readonly ['feature_flags']
}

type Answer = Record<string, unknown>

/**
 * The answer of `/flags/`: version 1 has maps of values and payloads, later ones all details.
 * compat: later versions carry the old maps too; posthog-js reads payloads of remote config from them.
 */
export function flagsAnswer(version: number, result: FlagsResult, config?: RemoteConfig): Answer {
  return { ...(version >= 2 ? detailed(result) : valuesAndPayloads(result)), ...config }
}

/** The answer of `/decide/`, what SDKs asked before `/flags/`: it always carries the remote config. */
export function decideAnswer(version: number, result: FlagsResult, config: RemoteConfig): Answer {
  if (version >= 4) return { ...detailed(result), ...config }
  if (version === 3) return { ...valuesAndPayloads(result), ...config }
  const enabled = result.flags.filter((flag) => flag.enabled)
  const featureFlags = version === 2 ? values(enabled) : enabled.map((flag) => flag.key)
  return { featureFlags, ...(result.quotaLimited ? { quotaLimited: result.quotaLimited } : {}), ...config }
}

function detailed(result: FlagsResult): Answer {
  return { flags: Object.fromEntries(result.flags.map((flag) => [flag.key, flag])), ...valuesAndPayloads(result) }
}

function valuesAndPayloads({ flags, ...rest }: FlagsResult): Answer {
  const withPayload = flags.filter((flag) => flag.enabled && flag.metadata.payload !== null)
  return {
    featureFlags: values(flags),
    featureFlagPayloads: Object.fromEntries(withPayload.map((flag) => [flag.key, flag.metadata.payload])),
    ...rest,
  }
}

function values(flags: readonly FlagDecision[]): Record<string, string | boolean> {
  return Object.fromEntries(flags.map((flag) => [flag.key, flag.variant ?? flag.enabled]))
}

interface DecisionText {
  detail: string
  value: string
  payload: string | undefined
}

const texts = new WeakMap<FlagDecision, DecisionText>()

/** {@link flagsAnswer} of version 2 as JSON. why: each decision is written once, not for each who is answered so. */
export function detailedText({ flags, ...rest }: FlagsResult, config?: RemoteConfig): string {
  const details: string[] = []
  const answers: string[] = []
  const payloads: string[] = []
  for (const flag of flags) {
    const { detail, value, payload } = textOf(flag)
    details.push(detail)
    answers.push(value)
    if (payload !== undefined) payloads.push(payload)
  }
  const end = JSON.stringify({ ...rest, ...config })
  return `{"flags":{${details}},"featureFlags":{${answers}},"featureFlagPayloads":{${payloads}},${end.slice(1)}`
}

function textOf(flag: FlagDecision): DecisionText {
  const known = texts.get(flag)
  if (known) return known
  const key = JSON.stringify(flag.key)
  const { payload } = flag.metadata
  const text: DecisionText = {
    detail: `${key}:${JSON.stringify(flag)}`,
    value: `${key}:${JSON.stringify(flag.variant ?? flag.enabled)}`,
    payload: flag.enabled && payload !== null ? `${key}:${JSON.stringify(payload)}` : undefined,
  }
  texts.set(flag, text)
  return text
}
