import { ActionIcon, Menu, NumberInput } from '@mantine/core'
import { EventPicker } from '../../pickers/event-picker.tsx'
import { breakdownsIn } from '../../query-model/breakdown.ts'
import { attributionWords, orderOf, orderWords, windowOf, withSteps } from '../../query-model/funnels.ts'
import {
  type FunnelExclusion,
  type FunnelsFilter,
  type FunnelsQuery,
  funnelOrderTypes,
  type SeriesNode,
  windowUnits,
} from '../../query-model/nodes.ts'
import { withEvent } from '../../query-model/series.ts'
import { CheckIcon, CrossIcon } from '../../ui/icons.tsx'
import { placed } from '../../ui/placed.ts'
import classes from './builder.module.css'
import { Choice } from './choice.tsx'
import { Line, Section } from './section.tsx'
import { SeriesList } from './series-list.tsx'

interface FunnelRailProps {
  query: FunnelsQuery
  onChange: (query: FunnelsQuery) => void
}

/** Steps, in which order and within which time, and what must not come between. */
export function FunnelRail({ query, onChange }: FunnelRailProps) {
  const filter = query.funnelsFilter ?? {}
  const change = (part: FunnelsFilter) => onChange({ ...query, funnelsFilter: { ...filter, ...part } })
  const order = orderOf(query)
  const within = windowOf(query)
  return (
    <>
      <Section title="Steps">
        <SeriesList
          series={query.series}
          badges="numbers"
          addLabel="Add a step"
          onChange={(series) => onChange(withSteps(query, series))}
          menu={(step, index, changeStep) =>
            order === 'ordered' && index > 0 && index < query.series.length - 1 && <OptionalItem step={step} onChange={changeStep} />
          }
          below={(step) => step.optionalInFunnel && <p className={classes.customName}>need not be done</p>}
        />
      </Section>
      <Section title="Counting">
        <Line label="Steps come">
          <Choice
            label="Order of the steps"
            value={order}
            width={300}
            options={funnelOrderTypes.map((value) => ({ value, ...orderWords[value] }))}
            onChange={(value) => change({ funnelOrderType: value === 'ordered' ? undefined : value })}
          />
        </Line>
        <Line label="All within">
          <NumberInput
            size="xs"
            w={72}
            min={1}
            max={1000}
            aria-label="Length of the conversion window"
            value={within.length}
            onChange={(value) => typeof value === 'number' && change({ funnelWindowInterval: value })}
          />
          <Choice
            label="Unit of the conversion window"
            value={within.unit}
            width={150}
            options={windowUnits.map((value) => ({ value, label: `${value}s` }))}
            onChange={(value) => change({ funnelWindowIntervalUnit: value })}
          />
        </Line>
        {breakdownsIn(query.breakdownFilter).length > 0 && <Attribution query={query} change={change} />}
        {filter.funnelVizType !== 'time_to_convert' && (
          <Line label="Shares are">
            <Choice
              label="What shares refer to"
              value={filter.funnelStepReference ?? 'total'}
              options={[
                { value: 'total', label: 'of the first step' },
                { value: 'previous', label: 'of the step before' },
              ]}
              onChange={(value) => change({ funnelStepReference: value === 'total' ? undefined : value })}
            />
          </Line>
        )}
        {filter.funnelVizType !== undefined && filter.funnelVizType !== 'steps' && query.series.length > 2 && (
          <FromTo query={query} change={change} />
        )}
      </Section>
      <Exclusions query={query} change={change} />
    </>
  )
}

interface PartProps {
  query: FunnelsQuery
  change: (part: FunnelsFilter) => void
}

function OptionalItem({ step, onChange }: { step: SeriesNode; onChange: (step: SeriesNode) => void }) {
  return (
    <Menu.Item
      leftSection={step.optionalInFunnel ? <CheckIcon size={15} /> : <span className={classes.noIcon} />}
      onClick={() => onChange({ ...step, optionalInFunnel: step.optionalInFunnel ? undefined : true })}
    >
      May be left out
    </Menu.Item>
  )
}

function Attribution({ query, change }: PartProps) {
  const filter = query.funnelsFilter ?? {}
  const type = filter.breakdownAttributionType ?? 'first_touch'
  return (
    <Line label="Each counts under the">
      <Choice
        label="Under which value of the breakdown"
        value={type}
        options={(['first_touch', 'last_touch', 'all_events', 'step'] as const).map((value) => ({
          value,
          label: attributionWords[value].toLowerCase(),
        }))}
        onChange={(value) => change({ breakdownAttributionType: value === 'first_touch' ? undefined : value })}
      />
      {type === 'step' && (
        <StepChoice
          label="At which step"
          query={query}
          value={filter.breakdownAttributionValue ?? 0}
          onChange={(value) => change({ breakdownAttributionValue: value })}
        />
      )}
    </Line>
  )
}

function FromTo({ query, change }: PartProps) {
  const filter = query.funnelsFilter ?? {}
  return (
    <Line label="From step">
      <StepChoice
        label="From which step"
        query={query}
        value={filter.funnelFromStep ?? 0}
        onChange={(value) => change({ funnelFromStep: value })}
      />
      to
      <StepChoice
        label="To which step"
        query={query}
        value={filter.funnelToStep ?? query.series.length - 1}
        onChange={(value) => change({ funnelToStep: value })}
      />
    </Line>
  )
}

function StepChoice({
  label,
  query,
  value,
  onChange,
}: {
  label: string
  query: FunnelsQuery
  value: number
  onChange: (value: number) => void
}) {
  return (
    <Choice
      label={label}
      value={String(value)}
      width={140}
      options={query.series.map((_, index) => ({ value: String(index), label: `step ${index + 1}` }))}
      onChange={(next) => onChange(Number(next))}
    />
  )
}

function Exclusions({ query, change }: PartProps) {
  const exclusions = query.funnelsFilter?.exclusions ?? []
  const last = query.series.length - 1
  const replace = (index: number, next: FunnelExclusion) =>
    change({ exclusions: exclusions.map((each, place) => (place === index ? next : each)) })
  if (last < 1) return null
  return (
    <Section title="Leave out who did">
      {placed(exclusions).map(({ key, place: index, item: exclusion }) => (
        <div key={`${key} of ${exclusions.length}`} className={classes.exclusion}>
          <EventPicker
            value={exclusion}
            label={`Event that leaves out ${index + 1}`}
            onPick={(chosen) => replace(index, { ...exclusion, ...withEvent(exclusion, chosen) })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={30}
            aria-label={`Remove exclusion ${index + 1}`}
            onClick={() => change({ exclusions: exclusions.filter((_, place) => place !== index) })}
          >
            <CrossIcon size={14} />
          </ActionIcon>
          {query.series.length > 2 && (
            <span className={classes.between}>
              between
              <StepChoice
                label="From"
                query={query}
                value={exclusion.funnelFromStep}
                onChange={(value) => replace(index, { ...exclusion, funnelFromStep: value })}
              />
              and
              <StepChoice
                label="To"
                query={query}
                value={exclusion.funnelToStep}
                onChange={(value) => replace(index, { ...exclusion, funnelToStep: value })}
              />
            </span>
          )}
        </div>
      ))}
      <EventPicker
        value={undefined}
        label="Add an event that leaves out"
        placeholder="Add an event"
        hasAll={false}
        className={classes.addButton ?? ''}
        onPick={(chosen) => change({ exclusions: [...exclusions, { ...chosen, funnelFromStep: 0, funnelToStep: last }] })}
      />
    </Section>
  )
}
