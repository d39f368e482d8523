import {
  type BehavioralCriterion,
  type CohortInterval,
  type CohortLeaf,
  cohortIntervals,
  type PersonCriterion,
  type PropertyFilter,
} from '@hedgerow/protocol'
import { ActionIcon, Checkbox, NumberInput } from '@mantine/core'
import { useActionNames } from '../../api-client/use-action-names.ts'
import { useCohortNames } from '../../api-client/use-cohort-names.ts'
import { CohortPicker } from '../../pickers/cohort-picker.tsx'
import { EventPicker } from '../../pickers/event-picker.tsx'
import { FilterList } from '../../pickers/filter-groups.tsx'
import { FilterRow } from '../../pickers/filter-row.tsx'
import { PropertyPicker } from '../../pickers/property-picker.tsx'
import { filtersIn } from '../../query-model/filters.ts'
import type { SeriesNode } from '../../query-model/nodes.ts'
import { operatorsFor } from '../../query-model/operators.ts'
import { CrossIcon, PersonsIcon } from '../../ui/icons.tsx'
import { PickList } from '../../ui/pick-list.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './cohorts.module.css'
import { countOperators, kindOf, type LeafKind, leafKinds, withKind } from './criteria.ts'

interface LeafEditorProps {
  leaf: CohortLeaf
  place: number
  onChange: (leaf: CohortLeaf) => void
  onRemove: () => void
}

/** One condition that a person meets or does not. */
export function LeafEditor({ leaf, place, onChange, onRemove }: LeafEditorProps) {
  const kind = kindOf(leaf)
  const cohortName = useCohortNames(leaf.type === 'cohort' && leaf.value !== 0)
  // why: the row of a property filter brings its own.
  const hasOwnRemove = kind === 'person' && leaf.type !== 'behavioral' && leaf.type !== 'cohort' && leaf.key !== ''
  return (
    <fieldset className={classes.leaf} aria-label={`Condition ${place}`}>
      <div className={classes.leafHead}>
        <Checkbox
          size="xs"
          label="not"
          aria-label={`Condition ${place} must not hold`}
          checked={leaf.negation}
          onChange={(event) => onChange({ ...leaf, negation: event.currentTarget.checked })}
        />
        <Words
          label="What it is about"
          value={kind}
          options={leafKinds}
          onPick={(picked) => onChange(withKind(leaf, picked as LeafKind))}
        />
        {leaf.type === 'behavioral' ? (
          <Behaviour leaf={leaf} onChange={onChange} />
        ) : leaf.type === 'cohort' ? (
          <CohortPicker
            label={`Cohort: ${leaf.value === 0 ? 'choose a cohort' : cohortName(leaf.value)}`}
            value={leaf.value === 0 ? undefined : leaf.value}
            className={classes.pick ?? ''}
            onPick={({ id }) => onChange({ ...leaf, value: id })}
          >
            <PersonsIcon size={14} />
            {leaf.value === 0 ? 'Choose a cohort' : <Untrusted>{cohortName(leaf.value)}</Untrusted>}
          </CohortPicker>
        ) : (
          <PersonProperty leaf={leaf} onChange={onChange} onRemove={onRemove} />
        )}
        {!hasOwnRemove && (
          <ActionIcon
            variant="subtle"
            color="gray"
            className={classes.remove ?? ''}
            aria-label={`Remove condition ${place}`}
            onClick={onRemove}
          >
            <CrossIcon size={14} />
          </ActionIcon>
        )}
      </div>
      {leaf.type === 'behavioral' && leaf.event_type !== 'actions' && leaf.key !== '' && (
        <div className={classes.where}>
          <FilterList
            of={`condition ${place}`}
            events={[String(leaf.key)]}
            filters={filtersIn(leaf.event_filters ?? [])}
            onChange={(filters) =>
              onChange({ ...leaf, event_filters: filters as unknown as NonNullable<BehavioralCriterion['event_filters']> })
            }
          />
        </div>
      )}
    </fieldset>
  )
}

function PersonProperty({
  leaf,
  onChange,
  onRemove,
}: {
  leaf: PersonCriterion
  onChange: (leaf: CohortLeaf) => void
  onRemove: () => void
}) {
  if (leaf.key === '')
    return (
      <PropertyPicker
        label="Property"
        owners={['person']}
        hasGroups={false}
        className={classes.pick ?? ''}
        onPick={({ key, kind }) => onChange({ ...leaf, key, operator: operatorsFor('person', kind)[0] ?? 'exact', value: undefined })}
      >
        Choose a property
      </PropertyPicker>
    )
  const filter = { type: 'person', key: leaf.key, operator: leaf.operator ?? 'exact', value: leaf.value } as PropertyFilter
  return (
    <FilterRow
      filter={filter}
      owners={['person']}
      onRemove={onRemove}
      onChange={(next) => onChange({ ...leaf, key: String(next.key), operator: next.operator ?? 'exact', value: next.value })}
    />
  )
}

function Behaviour({ leaf, onChange }: { leaf: BehavioralCriterion; onChange: (leaf: CohortLeaf) => void }) {
  const change = (fields: Partial<BehavioralCriterion>) => onChange({ ...leaf, ...fields })
  const hasCount = leaf.value === 'performed_event_multiple' || leaf.value === 'performed_event_regularly'
  const hasSecond =
    leaf.value === 'performed_event_sequence' || leaf.value === 'stopped_performing_event' || leaf.value === 'restarted_performing_event'
  return (
    <>
      <Happening
        label="Event"
        of={leaf.key}
        type={leaf.event_type}
        onPick={(key, event_type) => change({ key, event_type, ...(event_type === 'actions' ? { event_filters: undefined } : {}) })}
      />
      {hasCount && (
        <>
          <Words
            label="Compared"
            value={leaf.operator ?? 'gte'}
            options={countOperators}
            onPick={(operator) => change({ operator: operator as 'gte' })}
          />
          <Count label="Times" value={leaf.operator_value} onCount={(operator_value) => change({ operator_value })} />
          <span>times</span>
        </>
      )}
      {leaf.value === 'performed_event_regularly' ? (
        <>
          <span>in</span>
          <Count label="Periods that count" value={leaf.min_periods} onCount={(min_periods) => change({ min_periods })} />
          <span>of the last</span>
          <Count label="Periods in all" value={leaf.total_periods} onCount={(total_periods) => change({ total_periods })} />
          <span>periods of</span>
        </>
      ) : (
        <span>in the last</span>
      )}
      <Span
        label="Window"
        value={leaf.time_value}
        unit={leaf.time_interval}
        onSpan={(time_value, time_interval) =>
          change({ time_value, time_interval, explicit_datetime: undefined, explicit_datetime_to: undefined })
        }
      />
      {leaf.explicit_datetime && <span>(now: since {leaf.explicit_datetime})</span>}
      {leaf.value === 'performed_event_sequence' && (
        <>
          <span>then</span>
          <Happening
            label="Second event"
            of={leaf.seq_event ?? ''}
            type={leaf.seq_event_type ?? 'events'}
            onPick={(seq_event, seq_event_type) => change({ seq_event, seq_event_type })}
          />
        </>
      )}
      {hasSecond && (
        <>
          <span>{secondWords[leaf.value] ?? ''}</span>
          <Span
            label="Second window"
            value={leaf.seq_time_value}
            unit={leaf.seq_time_interval}
            onSpan={(seq_time_value, seq_time_interval) => change({ seq_time_value, seq_time_interval })}
          />
        </>
      )}
    </>
  )
}

const secondWords: Partial<Record<LeafKind, string>> = {
  performed_event_sequence: 'within',
  stopped_performing_event: 'but not in the last',
  restarted_performing_event: 'not for a while, and again in the last',
}

interface HappeningProps {
  label: string
  of: string | number
  type: 'events' | 'actions'
  onPick: (key: string | number, type: 'events' | 'actions') => void
}

function Happening({ label, of, type, onPick }: HappeningProps) {
  const actionName = useActionNames(type === 'actions')
  const value: SeriesNode | undefined =
    of === ''
      ? undefined
      : type === 'actions'
        ? { kind: 'ActionsNode', id: Number(of), name: actionName(of) }
        : { kind: 'EventsNode', event: String(of) }
  return (
    <EventPicker
      label={label}
      value={value}
      hasAll={false}
      className={classes.pick ?? ''}
      onPick={({ kind, event, id }) => (kind === 'ActionsNode' ? onPick(id ?? 0, 'actions') : onPick(event ?? '', 'events'))}
    />
  )
}

function Words(props: {
  label: string
  value: string
  options: readonly { value: string; label: string }[]
  onPick: (value: string) => void
}) {
  const words = props.options.find(({ value }) => value === props.value)?.label ?? props.value
  return (
    <PickList
      label={props.label}
      hasSearch={false}
      width={230}
      className={classes.pick}
      value={props.value}
      groups={[{ label: '', options: [...props.options] }]}
      onPick={props.onPick}
    >
      {words}
    </PickList>
  )
}

function Count({ label, value, onCount }: { label: string; value: number | null | undefined; onCount: (value: number) => void }) {
  return (
    <NumberInput
      size="xs"
      w={64}
      min={1}
      max={1_000_000}
      aria-label={label}
      value={value ?? 1}
      onChange={(next) => typeof next === 'number' && next >= 1 && onCount(Math.round(next))}
    />
  )
}

interface SpanProps {
  label: string
  value: number | null | undefined
  unit: CohortInterval | null | undefined
  onSpan: (value: number, unit: CohortInterval) => void
}

function Span({ label, value, unit, onSpan }: SpanProps) {
  return (
    <>
      <Count label={`${label}: how many`} value={value} onCount={(next) => onSpan(next, unit ?? 'day')} />
      <Words
        label={`${label}: unit`}
        value={unit ?? 'day'}
        options={cohortIntervals.map((each) => ({ value: each, label: `${each}s` }))}
        onPick={(next) => onSpan(value ?? 1, next as CohortInterval)}
      />
    </>
  )
}
