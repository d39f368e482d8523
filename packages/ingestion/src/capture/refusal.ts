import type { CaptureRefusalCode } from '@hedgerow/protocol'

/** A request that cannot be taken, whoever sends it again. Thrown while decoding; `createCapture` makes it an outcome. */
export class CaptureRefusal extends Error {
  readonly code: CaptureRefusalCode
  constructor(code: CaptureRefusalCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CaptureRefusal'
    this.code = code
  }
}

/** Capture is holding as much as it may; nothing is wrong with the request. */
export class CaptureBusy extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CaptureBusy'
  }
}
