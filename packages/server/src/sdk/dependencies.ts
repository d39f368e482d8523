import type { FlagRequest } from '@hedgerow/platform'
import type { CaptureOutcome, CaptureRequest, DecodedBodyOutcome, EncodedBody, ProjectSettings } from '@hedgerow/protocol'
import type { FlagDecision } from './flag-answers.ts'

/** What the routes need to know of a project. */
export interface SdkProject {
  id: number
  apiToken: string
  settings: ProjectSettings
}

/** Whether a secret key may read a project's flag definitions. */
type DefinitionsAccess =
  | { kind: 'granted'; project: SdkProject }
  | { kind: 'unauthenticated'; detail: string }
  | { kind: 'forbidden'; detail: string }

export type SdkFlagRequest = FlagRequest

/** Feature flags, as SDKs ask for them. */
export interface SdkFlags {
  evaluate(projectId: number, request: SdkFlagRequest): Promise<{ flags: readonly FlagDecision[]; hasErrors: boolean }>
  /** Whether a project has asked for flags as often as its settings allow in a month. */
  isOverQuota(project: SdkProject): boolean | Promise<boolean>
  /** What SDKs read that evaluate by themselves, as it is sent. */
  definitions(projectId: number): Promise<{ body: string; etag: string }>
  /** The payload of a config flag as JSON text; undefined where there is no such flag. */
  remoteConfig(projectId: number, key: string): Promise<{ payload: string | null } | undefined>
  earlyAccessFeatures(projectId: number, stages: readonly string[]): Promise<readonly object[]>
  /** Calls back after each change of a project's flags, until the returned function is called. Rejects when too many listen. */
  listen(projectId: number, listener: (change: FlagsChange) => void): Promise<() => void>
}

/** What changed about a project's flags. */
export interface FlagsChange {
  revision: number
  /** Keys of flags that are new, changed or gone. */
  keys: string[]
}

/** What the routes that SDKs call need of the product. */
export interface SdkDependencies {
  capture: {
    take(request: CaptureRequest): Promise<CaptureOutcome>
    decode(body: EncodedBody): Promise<DecodedBodyOutcome>
    readonly limits: { readonly maxBodyBytes: number; readonly maxInFlightBytes: number }
  }
  /** Called for each request: answers from memory. */
  findProject(token: string): Promise<SdkProject | undefined>
  /** `key` is a personal (`phx_`) or a project secret (`phs_`) key; `token` names the project, if given, else `projectId` does. */
  definitionsAccess(key: string, token: string | undefined, projectId?: string): Promise<DefinitionsAccess>
  flags: SdkFlags
  /** The setting of that name. */
  trustedProxies: readonly string[]
}
