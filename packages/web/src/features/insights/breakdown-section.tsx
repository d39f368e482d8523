import { ActionIcon, Menu } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useCohortNames } from '../../api-client/use-cohort-names.ts'
import { CohortPicker } from '../../pickers/cohort-picker.tsx'
import { PropertyPicker } from '../../pickers/property-picker.tsx'
import { breakdownsIn, mostBreakdowns, withBreakdowns } from '../../query-model/breakdown.ts'
import type { Breakdown, BreakdownFilter } from '../../query-model/nodes.ts'
import { propertyLabel } from '../../query-model/operators.ts'
import { CheckIcon, CrossIcon, DotsIcon, PersonsIcon, PlusIcon } from '../../ui/icons.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './builder.module.css'
import { Section } from './section.tsx'

// why: only what is broken down has a limit.
const BreakdownLimit = lazy(async () => ({ default: (await import('./breakdown-limit.tsx')).BreakdownLimit }))

interface BreakdownSectionProps {
  value: BreakdownFilter | undefined
  onChange: (value: BreakdownFilter | undefined) => void
  /** How it is written: see `withBreakdowns`. */
  form: 'several' | 'few'
  events: readonly string[] | undefined
  /** How many properties at once. */
  most?: number
}

/** By which property the answer is split. */
export function BreakdownSection({ value, onChange, form, events, most = mostBreakdowns }: BreakdownSectionProps) {
  const breakdowns = breakdownsIn(value)
  const isCohorts = breakdowns.some(({ type }) => type === 'cohort')
  const cohortName = useCohortNames(isCohorts)
  const change = (next: Breakdown[]) => onChange(withBreakdowns(value, next, form))
  const hasRoom = isCohorts || breakdowns.length < most
  return (
    <Section title="Breakdown">
      {breakdowns.length > 0 && (
        <div className={classes.chips}>
          {breakdowns.map((breakdown, index) => (
            <span key={`${breakdown.type} ${breakdown.property}`} className={classes.chip}>
              <Untrusted>{breakdown.type === 'cohort' ? cohortName(breakdown.property) : propertyLabel(breakdown.property)}</Untrusted>
              {breakdown.type !== 'cohort' && (
                <BreakdownMenu
                  breakdown={breakdown}
                  hasRanges={form === 'several'}
                  onChange={(next) => change(breakdowns.map((each, place) => (place === index ? next : each)))}
                />
              )}
              <button
                type="button"
                aria-label={`Remove the breakdown ${breakdown.property.slice(0, 60)}`}
                onClick={() => change(breakdowns.filter((_, place) => place !== index))}
              >
                <CrossIcon size={12} />
              </button>
            </span>
          ))}
        </div>
      )}
      {hasRoom && (
        <div className={classes.adds}>
          {!isCohorts && (
            <PropertyPicker
              label="Break down by a property"
              owners={['event', 'person', 'session', 'hogql']}
              events={events}
              className={classes.addButton ?? ''}
              onPick={({ key, type, group_type_index: index }) =>
                change([...breakdowns, { property: key, type, ...(index === undefined ? {} : { group_type_index: index }) }])
              }
            >
              <PlusIcon size={15} />
              Property
            </PropertyPicker>
          )}
          {(breakdowns.length === 0 || isCohorts) && (
            <CohortPicker
              label="Compare a cohort"
              className={classes.addButton ?? ''}
              onPick={({ id }) =>
                change([
                  ...(breakdowns.length === 0 ? [{ property: 'all', type: 'cohort' }] : breakdowns),
                  { property: String(id), type: 'cohort' },
                ])
              }
            >
              <PersonsIcon size={15} />
              Cohort
            </CohortPicker>
          )}
        </div>
      )}
      {breakdowns.length > 0 && !isCohorts && (
        <Suspense>
          <BreakdownLimit value={value} onChange={onChange} hasChoice={form === 'several'} />
        </Suspense>
      )}
    </Section>
  )
}

interface BreakdownMenuProps {
  breakdown: Breakdown
  hasRanges: boolean
  onChange: (breakdown: Breakdown) => void
}

// limit: in so many ranges numbers are offered to be put.
const rangeCounts = [5, 10, 20, 50]

function BreakdownMenu({ breakdown, hasRanges, onChange }: BreakdownMenuProps) {
  const ranges = breakdown.histogram_bin_count
  return (
    <Menu position="bottom-end" width={270}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="hedge" size={24} aria-label={`Options of the breakdown ${breakdown.property.slice(0, 60)}`}>
          <DotsIcon size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={breakdown.normalize_url ? <CheckIcon size={14} /> : <span className={classes.noIcon} />}
          onClick={() => onChange({ ...breakdown, normalize_url: breakdown.normalize_url ? undefined : true })}
        >
          Addresses without the slash at their end
        </Menu.Item>
        {hasRanges && <Menu.Label>Numbers</Menu.Label>}
        {hasRanges &&
          [undefined, ...rangeCounts].map((count) => (
            <Menu.Item
              key={count ?? 'each'}
              leftSection={count === ranges ? <CheckIcon size={14} /> : <span className={classes.noIcon} />}
              onClick={() => onChange({ ...breakdown, histogram_bin_count: count })}
            >
              {count === undefined ? 'Each by itself' : `In ${count} ranges`}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  )
}
