import * as fc from 'fast-check'
import { randomStream, type StreamEvent } from './random-stream.fixture.ts'

/** Several random streams in one: so many events that most questions find something. */
export const busyStream: fc.Arbitrary<StreamEvent[]> = fc
  .array(randomStream, { minLength: 5, maxLength: 8 })
  .map((streams) => streams.flat().map((event, place) => ({ ...event, place })))
