import { NumberInput } from '@mantine/core'
import type { StickinessQuery } from '../../query-model/nodes.ts'
import { intervalOf } from '../../query-model/trends.ts'
import { unitAfter } from '../../ui/numbers.ts'
import { Choice } from './choice.tsx'
import { Line, Section } from './section.tsx'

interface StickinessOptionsProps {
  query: StickinessQuery
  onChange: (query: StickinessQuery) => void
}

export function StickinessOptions({ query, onChange }: StickinessOptionsProps) {
  const filter = query.stickinessFilter ?? {}
  const criteria = filter.stickinessCriteria
  const interval = intervalOf(query)
  return (
    <Section title="Counting">
      <Line label="Active on">
        <Choice
          label="How many intervals"
          value={filter.computedAs ?? 'non_cumulative'}
          options={[
            { value: 'non_cumulative', label: `exactly so many ${interval}s` },
            { value: 'cumulative', label: `so many ${interval}s or more` },
          ]}
          onChange={(computedAs) =>
            onChange({ ...query, stickinessFilter: { ...filter, computedAs: computedAs === 'cumulative' ? 'cumulative' : undefined } })
          }
        />
      </Line>
      <Line label="Counted in">
        <NumberInput
          size="xs"
          w={110}
          min={1}
          max={90}
          aria-label={`How many ${interval}s are one`}
          suffix={`${unitAfter(query.intervalCount ?? 1, interval)} each`}
          value={query.intervalCount ?? 1}
          onChange={(value) => typeof value === 'number' && onChange({ ...query, intervalCount: value > 1 ? value : undefined })}
        />
      </Line>
      <Line label={`A ${interval} counts with`}>
        <Choice
          label="How many events"
          value={criteria?.operator ?? 'any'}
          options={[
            { value: 'any', label: 'any event' },
            { value: 'gte', label: 'at least' },
            { value: 'exact', label: 'exactly' },
            { value: 'lte', label: 'at most' },
          ]}
          onChange={(operator) =>
            onChange({
              ...query,
              stickinessFilter: {
                ...filter,
                stickinessCriteria: operator === 'any' ? undefined : { operator, value: criteria?.value ?? 2 },
              },
            })
          }
        />
        {criteria && (
          <NumberInput
            size="xs"
            w={90}
            min={1}
            aria-label="Number of events"
            suffix={unitAfter(criteria.value, 'event')}
            value={criteria.value}
            onChange={(value) =>
              typeof value === 'number' &&
              onChange({ ...query, stickinessFilter: { ...filter, stickinessCriteria: { ...criteria, value } } })
            }
          />
        )}
      </Line>
    </Section>
  )
}
