import { type ChannelRule, type CompileContext, channelRuleKeys, channelRuleOperators } from '@hedgerow/hogql'
import { invalidQuery } from './query-error.ts'

/** `modifiers` of a query; those that change no answer here are left as they are. */
export type QueryModifiers = Record<string, unknown>

/** What the modifiers ask of compiling. */
export interface KnownModifiers extends Pick<CompileContext, 'bounceRateDurationSeconds' | 'channelRules' | 'personOfEvent'> {
  /** False: persons are those that events were stored under. */
  followsMerges: boolean
}

/** limit: rules of one's own for channels. */
const maxRules = 200

/** @throws QueryError */
export function readModifiers(given: QueryModifiers): KnownModifiers {
  const mode = choice(given.personsOnEventsMode, personModes, 'modifiers.personsOnEventsMode') ?? 'person_id_override_properties_joined'
  return {
    bounceRateDurationSeconds: readBounce(given.bounceRateDurationSeconds),
    channelRules: readRules(given.customChannelTypeRules),
    personOfEvent: mode.endsWith('properties_on_events') ? 'as stored' : 'as now',
    followsMerges: mode !== 'person_id_no_override_properties_on_events',
  }
}

/** Rows are shown, and dates in SQL read, in the project's time zone unless `convertToProjectTimezone` is false. */
export const isInProjectZone = ({ convertToProjectTimezone }: QueryModifiers): boolean => convertToProjectTimezone !== false

const personModes = [
  'disabled',
  'person_id_no_override_properties_on_events',
  'person_id_override_properties_on_events',
  'person_id_override_properties_joined',
] as const

const isMissing = (value: unknown): value is null | undefined => value === undefined || value === null

function choice<Choice extends string>(given: unknown, choices: readonly Choice[], name: string): Choice | undefined {
  if (isMissing(given)) return undefined
  const found = choices.find((each) => each === given)
  if (found === undefined) throw invalidQuery(`${name} must be one of ${choices.join(', ')}, not ${JSON.stringify(given)}`)
  return found
}

function readBounce(given: unknown): number {
  if (isMissing(given)) return 10
  const seconds = Number(given)
  if (!Number.isFinite(seconds) || seconds < 0)
    throw invalidQuery(`modifiers.bounceRateDurationSeconds must be a number, 0 or more, not ${JSON.stringify(given)}`)
  return seconds
}

function objects(given: unknown, name: string): Record<string, unknown>[] {
  if (isMissing(given)) return []
  if (!Array.isArray(given) || !given.every((each) => typeof each === 'object' && each !== null))
    throw invalidQuery(`${name} must be a list of objects`)
  return given as Record<string, unknown>[]
}

function readRules(given: unknown): ChannelRule[] {
  const name = 'modifiers.customChannelTypeRules'
  const rules = objects(given, name)
  if (rules.length > maxRules) throw invalidQuery(`${name} can have ${maxRules} rules at most; there are ${rules.length}`)
  return rules.map(({ channel_type: channel, combiner, items }, i): ChannelRule => {
    const at = `${name}[${i}]`
    if (typeof channel !== 'string' || channel === '') throw invalidQuery(`${at}.channel_type must be the name of a channel`)
    return {
      channel,
      combiner: choice(combiner, ['AND', 'OR'] as const, `${at}.combiner`) ?? 'AND',
      conditions: objects(items, `${at}.items`).map(({ key, op, value }, j) => ({
        key: required(key, channelRuleKeys, `${at}.items[${j}].key`),
        operator: required(op, channelRuleOperators, `${at}.items[${j}].op`),
        values: isMissing(value) ? [] : [value].flat().map(String),
      })),
    }
  })
}

function required<Choice extends string>(given: unknown, choices: readonly Choice[], name: string): Choice {
  const found = choice(given, choices, name)
  if (found === undefined) throw invalidQuery(`${name} must be one of ${choices.join(', ')}`)
  return found
}
