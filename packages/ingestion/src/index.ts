export { type Capture, type CaptureOptions, createCapture } from './capture/capture.ts'
export { type CaptureLimits, defaultCaptureLimits } from './capture/limits.ts'
