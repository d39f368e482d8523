import { NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { EventPicker } from '../../pickers/event-picker.tsx'
import { FilterList } from '../../pickers/filter-groups.tsx'
import { PropertyPicker } from '../../pickers/property-picker.tsx'
import {
  type RetentionEntity,
  type RetentionFilter,
  type RetentionQuery,
  retentionPeriods,
  retentionTypes,
} from '../../query-model/nodes.ts'
import { propertyLabel } from '../../query-model/operators.ts'
import { bracketsOf, entityAsSeries, retentionOf, retentionTypeWords, seriesAsEntity } from '../../query-model/retention.ts'
import { withEvent } from '../../query-model/series.ts'
import { ChevronDownIcon } from '../../ui/icons.tsx'
import { unitAfter } from '../../ui/numbers.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './builder.module.css'
import { Choice } from './choice.tsx'
import { Line, Section } from './section.tsx'

interface RetentionRailProps {
  query: RetentionQuery
  onChange: (query: RetentionQuery) => void
}

/** A sentence: who begins by doing what, and who of them comes back to do what. */
export function RetentionRail({ query, onChange }: RetentionRailProps) {
  const filter = retentionOf(query)
  const change = (part: RetentionFilter) => onChange({ ...query, retentionFilter: { ...query.retentionFilter, ...part } })
  return (
    <>
      <Section title="Who begins">
        <Entity name="the first event" entity={filter.targetEntity} onChange={(targetEntity) => change({ targetEntity })} />
        <Line label="Done">
          <Choice
            label="Which time counts"
            value={filter.retentionType}
            width={320}
            options={retentionTypes.map((value) => ({ value, ...retentionTypeWords[value] }))}
            onChange={(value) => change({ retentionType: value === 'retention_recurring' ? undefined : value })}
          />
        </Line>
      </Section>
      <Section title="Who comes back">
        <Entity name="the returning event" entity={filter.returningEntity} onChange={(returningEntity) => change({ returningEntity })} />
        <Line label="Counts">
          <Choice
            label="When a return counts"
            value={filter.cumulative ? 'after' : 'on'}
            options={[
              { value: 'on', label: `in that ${filter.period.toLowerCase()}` },
              { value: 'after', label: `in that ${filter.period.toLowerCase()} or later` },
            ]}
            onChange={(value) => change({ cumulative: value === 'after' ? true : undefined })}
          />
        </Line>
        <Line label="At least">
          <NumberInput
            size="xs"
            w={96}
            min={1}
            max={1000}
            suffix={unitAfter(filter.minimumOccurrences ?? 1, 'time')}
            aria-label="How often at least"
            value={filter.minimumOccurrences ?? 1}
            onChange={(value) => typeof value === 'number' && change({ minimumOccurrences: value > 1 ? value : undefined })}
          />
        </Line>
      </Section>
      <WhatIsMeasured filter={filter} change={change} />
      <Section title="Periods">
        <Line label="Look at">
          <NumberInput
            size="xs"
            w={64}
            min={2}
            max={1000}
            aria-label="How many periods"
            value={filter.totalIntervals}
            onChange={(value) => typeof value === 'number' && change({ totalIntervals: value })}
          />
          <Choice
            label="Length of a period"
            value={filter.period}
            width={140}
            options={retentionPeriods.map((value) => ({ value, label: `${value.toLowerCase()}s` }))}
            onChange={(period) => change({ period })}
          />
        </Line>
        <Line label="In columns of">
          <Brackets key={filter.retentionCustomBrackets?.join(' ')} value={filter.retentionCustomBrackets} change={change} />
        </Line>
        <Line label="A period is">
          <Choice
            label="What a period is"
            value={filter.timeWindowMode}
            width={300}
            options={[
              {
                value: 'strict_calendar_dates',
                label: `a calendar ${filter.period.toLowerCase()}`,
                about: 'In the time zone of the project.',
              },
              {
                value: '24_hour_windows',
                label: 'counted from the first event',
                about: 'Windows of 24 hours and their multiples, for each person.',
              },
            ]}
            onChange={(value) => change({ timeWindowMode: value === '24_hour_windows' ? value : undefined })}
          />
        </Line>
        <Line label="Shares are">
          <Choice
            label="What shares refer to"
            value={filter.reference}
            options={[
              { value: 'total', label: 'of those who began' },
              { value: 'previous', label: 'of the period before' },
            ]}
            onChange={(value) => change({ retentionReference: value === 'total' ? undefined : value })}
          />
        </Line>
        <Line label="The curve">
          <Choice
            label="How cohorts are joined"
            value={filter.mean === 'simple' ? 'simple' : 'weighted'}
            options={[
              { value: 'weighted', label: 'counts each person once' },
              { value: 'simple', label: 'counts each cohort once' },
            ]}
            onChange={(value) => change({ meanRetentionCalculation: value === 'weighted' ? undefined : value })}
          />
        </Line>
      </Section>
    </>
  )
}

interface PartProps {
  filter: RetentionFilter
  change: (part: RetentionFilter) => void
}

/** The people who come back, or what a property of their events adds up to. */
function WhatIsMeasured({ filter, change }: PartProps) {
  const { aggregationType, aggregationProperty, aggregationPropertyType } = filter
  const of = filter.returningEntity?.type !== 'actions' && filter.returningEntity?.id ? [String(filter.returningEntity.id)] : undefined
  return (
    <Section title="What is measured">
      <Line label="Cells show">
        <Choice
          label="What cells show"
          value={aggregationType ?? 'count'}
          width={280}
          options={[
            { value: 'count', label: 'who came back' },
            { value: 'sum', label: 'the sum of a property' },
            { value: 'avg', label: 'the average of a property' },
          ]}
          onChange={(value) =>
            change(
              value === 'count'
                ? { aggregationType: undefined, aggregationProperty: undefined, aggregationPropertyType: undefined }
                : { aggregationType: value },
            )
          }
        />
        {aggregationType !== undefined && (
          <PropertyPicker
            label="Property that is measured"
            owners={['event', 'person']}
            hasGroups={false}
            isNumerical
            events={of}
            className={classes.quiet ?? ''}
            onPick={({ key, type }) =>
              change({ aggregationProperty: key, aggregationPropertyType: type === 'person' ? 'person' : undefined })
            }
          >
            <Untrusted>
              {aggregationProperty
                ? `${propertyLabel(aggregationProperty)}${aggregationPropertyType === 'person' ? ' of the person' : ''}`
                : 'of which property?'}
            </Untrusted>
            <ChevronDownIcon size={13} />
          </PropertyPicker>
        )}
      </Line>
    </Section>
  )
}

function Brackets({ value, change }: { value: number[] | undefined; change: PartProps['change'] }) {
  const [text, setText] = useState(value?.join(', ') ?? '')
  const widths = bracketsOf(text)
  const settle = () => {
    if (widths && widths.join() !== (value ?? []).join()) change({ retentionCustomBrackets: widths.length > 0 ? widths : undefined })
  }
  return (
    <TextInput
      size="xs"
      className={classes.grow}
      aria-label="Widths of the columns"
      placeholder="1 each; or 1, 3, 7, 30"
      value={text}
      error={widths ? undefined : 'Numbers of periods, such as 1, 3, 7.'}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={settle}
      onKeyDown={(event) => event.key === 'Enter' && settle()}
    />
  )
}

function Entity({ name, entity, onChange }: { name: string; entity: RetentionEntity; onChange: (entity: RetentionEntity) => void }) {
  const series = entityAsSeries(entity)
  const events = series.kind === 'EventsNode' && series.event ? [series.event] : undefined
  return (
    <div className={classes.entity}>
      <EventPicker value={series} label={`Choose ${name}`} onPick={(chosen) => onChange(seriesAsEntity(withEvent(series, chosen)))} />
      <FilterList
        filters={entity.properties ?? []}
        of={name}
        events={events}
        onChange={(properties) => onChange({ ...entity, properties: properties.length > 0 ? properties : undefined })}
      />
    </div>
  )
}
