import { createParser } from '@hedgerow/hogql'
import type { InsightContext } from './context.ts'

const parserReady = createParser()

/** A context as the platform loads it, of a project that has nothing. */
export async function testContext(given: Partial<InsightContext> = {}): Promise<InsightContext> {
  const parser = await parserReady
  const now = given.now ?? new Date('2024-05-15T10:30:00Z')
  const timezone = given.timezone ?? 'UTC'
  const parseExpr = (text: string) => parser.parseExpr(text)
  return {
    now,
    timezone,
    weekStartDay: 0,
    filters: { now, timezone, scope: 'events', pathCleaning: [], parseExpr },
    testAccountFilters: [],
    pathCleaning: [],
    actions: new Map(),
    cohorts: new Map(),
    parseExpr,
    propertyType: () => undefined,
    ...given,
  }
}
