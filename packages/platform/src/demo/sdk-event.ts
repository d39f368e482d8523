/** An event as an SDK hands it over, before it is put in an envelope. */
export interface SdkEvent {
  uuid: string
  event: string
  distinctId: string
  atMs: number
  properties: Record<string, unknown>
  set?: Record<string, unknown>
  setOnce?: Record<string, unknown>
}

/** Which SDK sends it: posthog-js, posthog-react-native or posthog-node. They differ in the envelope. */
export type Source = 'web' | 'mobile' | 'server'

export interface SourcedEvent extends SdkEvent {
  source: Source
}

/** Takes events in the order in which they happen. */
export type Emit = (event: SourcedEvent) => void
