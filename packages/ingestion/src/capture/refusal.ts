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

/** Capture holds as much as it may, or cannot tell whose token it is; nothing is wrong with the request. */
export class CaptureBusy extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CaptureBusy'
  }
}
