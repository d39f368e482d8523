import type { SeriesNode } from './nodes.ts'
import { propertyLabel } from './operators.ts'

export interface Math {
  id: string
  label: string
  /** In a sentence, before the event: `unique persons with …`. */
  phrase: string
  about: string
  group: 'Events' | 'Persons' | 'Value of a property' | 'Count per person' | 'Expression'
  /** Needs a numeric property. */
  ofProperty?: true
}

const statistics = [
  ['avg', 'Average'],
  ['sum', 'Sum'],
  ['min', 'Minimum'],
  ['max', 'Maximum'],
  ['median', 'Median'],
  ['p75', '75th percentile'],
  ['p90', '90th percentile'],
  ['p95', '95th percentile'],
  ['p99', '99th percentile'],
] as const

/** What can be measured of an event, in the order in which it is offered. */
export const maths: readonly Math[] = [
  { id: 'total', label: 'Total count', phrase: 'count of', about: 'Every event counts.', group: 'Events' },
  { id: 'unique_session', label: 'Unique sessions', phrase: 'sessions with', about: 'Each session counts once.', group: 'Events' },
  { id: 'dau', label: 'Unique persons', phrase: 'persons with', about: 'Each person counts once in each interval.', group: 'Persons' },
  {
    id: 'weekly_active',
    label: 'Weekly active persons',
    phrase: 'weekly active persons with',
    about: 'Persons in the seven days that end with the interval.',
    group: 'Persons',
  },
  {
    id: 'monthly_active',
    label: 'Monthly active persons',
    phrase: 'monthly active persons with',
    about: 'Persons in the thirty days that end with the interval.',
    group: 'Persons',
  },
  {
    id: 'first_time_for_user',
    label: 'First time ever',
    phrase: 'persons whose first was',
    about: 'Persons whose first such event ever falls here and passes the filters.',
    group: 'Persons',
  },
  {
    id: 'first_matching_event_for_user',
    label: 'First time with these filters',
    phrase: 'persons whose first matching was',
    about: 'Persons whose first such event that passes the filters falls here.',
    group: 'Persons',
  },
  ...statistics.map(
    ([id, label]): Math => ({
      id,
      label,
      phrase: `${label.toLowerCase()} on`,
      about: 'Of a numeric property of the events.',
      group: 'Value of a property',
      ofProperty: true,
    }),
  ),
  ...statistics
    .filter(([id]) => id !== 'sum')
    .map(
      ([id, label]): Math => ({
        id: `${id}_count_per_actor`,
        label: `${label} per person`,
        phrase: `${label.toLowerCase()} per person of`,
        about: 'Over how many such events each person has; persons with none are left out.',
        group: 'Count per person',
      }),
    ),
  {
    id: 'hogql',
    label: 'SQL expression',
    phrase: 'expression over',
    about: 'Any aggregate in SQL, such as uniq(properties.plan).',
    group: 'Expression',
  },
]

export function mathOf(id: string | undefined): Math {
  return maths.find((math) => math.id === (id ?? 'total')) ?? (maths[0] as Math)
}

/** The series with another math; what only the one before needed is dropped. */
export function withMath(series: SeriesNode, id: string): SeriesNode {
  const { math: _math, math_property: property, math_property_type: type, math_hogql: hogql, ...rest } = series
  const math = mathOf(id)
  return {
    ...rest,
    math: id === 'total' ? undefined : id,
    ...(math.ofProperty ? { math_property: property, math_property_type: type } : {}),
    ...(id === 'hogql' ? { math_hogql: hogql ?? 'count()' } : {}),
  }
}

/** `Unique persons`, `Average of revenue`. */
export function mathWords({ math: id, math_property: property }: SeriesNode): string {
  const math = mathOf(id)
  return math.ofProperty && property ? `${math.label} of ${propertyLabel(property)}` : math.label
}
