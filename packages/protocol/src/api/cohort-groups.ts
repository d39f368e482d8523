import { z } from 'zod'

const whole = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)])

/** A group of the old form: properties, or an event or action performed within some days. */
export const legacyGroup = z.looseObject({
  properties: z.union([z.array(z.looseObject({})), z.looseObject({})]).nullish(),
  event_id: z.string().nullish(),
  action_id: whole.nullish(),
  days: whole.nullish(),
  count: whole.nullish(),
  count_operator: z.string().nullish(),
  start_date: z.string().nullish(),
  end_date: z.string().nullish(),
})
export type LegacyGroup = z.infer<typeof legacyGroup>

const defaultDays = 365

/** The same in the form of today, yet to be checked. */
export function legacyCriteria(groups: readonly LegacyGroup[]): unknown {
  return { type: 'OR', values: groups.map(criteriaOfGroup) }
}

function criteriaOfGroup(group: LegacyGroup): unknown {
  const key = group.action_id ?? group.event_id
  if (key === null || key === undefined) return { type: 'AND', values: propertiesOf(group.properties) }
  const multiple = group.count !== null && group.count !== undefined
  return {
    type: 'AND',
    values: [
      {
        type: 'behavioral',
        key,
        event_type: typeof group.action_id === 'number' ? 'actions' : 'events',
        value: multiple ? 'performed_event_multiple' : 'performed_event',
        ...(multiple ? { operator: group.count_operator ?? 'gte', operator_value: group.count } : {}),
        ...(group.start_date
          ? { explicit_datetime: group.start_date, ...(group.end_date ? { explicit_datetime_to: group.end_date } : {}) }
          : { time_value: group.days ?? defaultDays, time_interval: 'day' }),
        ...(group.properties ? { event_filters: propertiesOf(group.properties, 'event') } : {}),
      },
    ],
  }
}

function propertiesOf(given: LegacyGroup['properties'], type = 'person'): unknown[] {
  if (given === null || given === undefined) return []
  if (Array.isArray(given)) return given.map((item) => ({ ...('values' in item ? {} : { type }), ...item }))
  if ('values' in given || 'key' in given) return [given]
  // compat: the oldest form, `{"plan": "pro", "age__gt": 30}`.
  return Object.entries(given).map(([name, value]) => {
    const [, key = name, operator = 'exact'] = /^(.+?)__(\w+)$/.exec(name) ?? []
    return { type, key, operator, value }
  })
}
