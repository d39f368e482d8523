import type { FlagOperator } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { compileProperty } from '../properties/match.ts'
import { readCases } from './read-cases.fixture.ts'

interface MatchCase {
  operator?: FlagOperator | null
  value: unknown
  properties: Record<string, unknown>
  /** What a server answers; absent where only SDKs were asked and a server is known to differ, or may. */
  matches?: boolean
}

const decided = readCases<MatchCase>('property-matching').filter(({ matches }) => matches !== undefined)
const nowMs = Date.parse('2024-03-31T12:00:00Z')

test.each(decided.map((given) => [given.operator, JSON.stringify(given.value), JSON.stringify(given.properties), given.matches, given]))(
  '%s %s of %s: %s',
  (_operator, _value, _properties, _matches, given) => {
    const { operator, value, properties, matches } = given as MatchCase
    expect(compileProperty({ key: 'k', operator, value }, 'UTC')(properties, nowMs)).toBe(matches)
  },
)
