import type { CaptureOutcome, CaptureRequest, DecodedBodyOutcome, EncodedBody, ProjectSettings } from '@hedgerow/protocol'

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

/** What the routes that SDKs call need of the product. */
export interface SdkDependencies {
  capture: {
    take(request: CaptureRequest): Promise<CaptureOutcome>
    decode(body: EncodedBody): Promise<DecodedBodyOutcome>
    readonly limits: { readonly maxBodyBytes: number; readonly maxInFlightBytes: number }
  }
  /** Called for each request: answers from memory. */
  findProject(token: string): Promise<SdkProject | undefined>
  /** `key` is a personal (`phx_`) or a project secret (`phs_`) key; `token` names the project, if given. */
  definitionsAccess(key: string, token: string | undefined): Promise<DefinitionsAccess>
  /** Names of a project's group types, by their index. */
  groupTypes(projectId: number): Promise<readonly { index: number; type: string }[]>
  /** The setting of that name. */
  trustedProxies: readonly string[]
}
