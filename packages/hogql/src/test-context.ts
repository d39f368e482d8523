import { type CompileContext, defaultCompileLimits, type PropertyType } from './context.ts'

/** A project like any, for tests: now is 2024-03-15 12:00 UTC. */
export function testContext(values: Partial<CompileContext> & { properties?: Record<string, PropertyType> } = {}): CompileContext {
  const { properties = {}, ...rest } = values
  return {
    projectId: 7,
    now: new Date('2024-03-15T12:00:00Z'),
    timezone: 'UTC',
    weekStartDay: 0,
    propertyType: (scope, name) => (Object.hasOwn(properties, `${scope}.${name}`) ? properties[`${scope}.${name}`] : undefined),
    groupTypes: { company: 0 },
    hasPersonOverrides: false,
    cohortVersions: {},
    bounceRateDurationSeconds: 10,
    channelRules: [],
    personOfEvent: 'as now',
    limits: defaultCompileLimits,
    ...rest,
  }
}
