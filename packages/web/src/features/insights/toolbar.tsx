import type { AnnotationBody } from '@hedgerow/protocol'
import { Popover, Switch } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { intervalFits, spanDays } from '../../query-model/date-range.ts'
import { vizOf, vizWords } from '../../query-model/funnels.ts'
import { type CompareFilter, funnelVizTypes, type InsightQuery, type Interval, intervals } from '../../query-model/nodes.ts'
import { retentionOf } from '../../query-model/retention.ts'
import { displayChoices, displayOf, intervalOf, isTotal, withDisplay } from '../../query-model/trends.ts'
import { useNow } from '../../ui/clock.ts'
import { ChevronDownIcon } from '../../ui/icons.tsx'
import { PickList } from '../../ui/pick-list.tsx'
import { dayOf } from '../../ui/time.ts'
import { useZone } from '../../ui/zone.tsx'
import classes from './builder.module.css'
import { Choice } from './choice.tsx'
import { RangePicker } from './range-picker.tsx'
import { withRange } from './ranges.ts'

const ChartOptions = lazy(async () => ({ default: (await import('./chart-options.tsx')).ChartOptions }))
const NotesMenu = lazy(async () => ({ default: (await import('./notes-menu.tsx')).NotesMenu }))

interface ToolbarProps {
  query: InsightQuery
  onChange: (query: InsightQuery) => void
}

/** Above the chart: from when to when, how fine, compared with what, drawn how. */
export function Toolbar({ query, onChange, notes }: ToolbarProps & { notes: readonly AnnotationBody[] }) {
  const zone = useZone()
  const nowMs = useNow()
  const today = dayOf(nowMs, zone)
  return (
    <div className={classes.toolbar}>
      <RangePicker value={query.dateRange} unchosen={usualRange(query)} onChange={(range) => onChange(withRange(query, range, today))} />
      {hasInterval(query) && (
        <Choice
          label="Interval"
          value={intervalOf(query)}
          width={150}
          className={classes.tool}
          options={intervals
            .filter((each) => intervalFits(each, spanDays(query.dateRange, today)) || each === query.interval)
            .map((value) => ({ value, label: `by ${value}` }))}
          onChange={(interval: Interval) => onChange({ ...query, interval: interval === 'day' ? undefined : interval })}
        />
      )}
      {(query.kind === 'TrendsQuery' || query.kind === 'StickinessQuery') && (
        <CompareChoice value={query.compareFilter} onChange={(compareFilter) => onChange({ ...query, compareFilter })} />
      )}
      <TestAccounts query={query} onChange={onChange} />
      <span className={classes.toolbarEnd}>
        <DisplayChoice query={query} onChange={onChange} />
        <Suspense>
          {hasTimeAxis(query) && <NotesMenu notes={notes} />}
          <ChartOptions query={query} onChange={onChange} />
        </Suspense>
      </span>
    </div>
  )
}

function hasTimeAxis(query: InsightQuery): boolean {
  switch (query.kind) {
    case 'TrendsQuery':
      return !isTotal(displayOf(query)) && displayOf(query) !== 'BoxPlot'
    case 'FunnelsQuery':
      return vizOf(query) === 'trends'
    case 'LifecycleQuery':
      return true
    case 'RetentionQuery':
    case 'PathsQuery':
    case 'StickinessQuery':
      return false
  }
}

/** Retention looks back over as many periods as it has columns, unless told otherwise. */
function usualRange(query: InsightQuery): string | undefined {
  if (query.kind !== 'RetentionQuery') return undefined
  const { totalIntervals, period } = retentionOf(query)
  return `Last ${totalIntervals} ${period.toLowerCase()}s`
}

type IntervalQuery = Extract<InsightQuery, { interval?: Interval | undefined }>

function hasInterval(query: InsightQuery): query is IntervalQuery {
  switch (query.kind) {
    case 'TrendsQuery':
      return !isTotal(displayOf(query))
    case 'FunnelsQuery':
      return vizOf(query) === 'trends'
    case 'LifecycleQuery':
    case 'StickinessQuery':
      return true
    case 'RetentionQuery':
    case 'PathsQuery':
      return false
  }
}

const comparisons = [
  { value: 'none', label: 'no comparison' },
  { value: 'before', label: 'period before' },
  { value: '-7d', label: 'a week earlier' },
  { value: '-28d', label: 'four weeks earlier' },
  { value: '-1m', label: 'a month earlier' },
  { value: '-3m', label: 'three months earlier' },
  { value: '-1y', label: 'a year earlier' },
] as const

function CompareChoice({ value, onChange }: { value: CompareFilter | undefined; onChange: (value: CompareFilter | undefined) => void }) {
  const present = value?.compare ? (value.compare_to ?? 'before') : 'none'
  const options = comparisons.some((each) => each.value === present)
    ? comparisons
    : [...comparisons, { value: present, label: `${present.replace('-', '')} earlier` }]
  return (
    <PickList
      label={`Compare with: ${options.find((each) => each.value === present)?.label ?? present}`}
      hasSearch={false}
      width={190}
      className={classes.tool}
      value={present}
      groups={[{ label: '', options: [...options] }]}
      onPick={(picked) =>
        onChange(picked === 'none' ? undefined : picked === 'before' ? { compare: true } : { compare: true, compare_to: picked })
      }
    >
      {present === 'none' ? 'Compare' : `vs ${options.find((each) => each.value === present)?.label ?? present}`}
      <ChevronDownIcon size={14} />
    </PickList>
  )
}

function TestAccounts({ query, onChange }: ToolbarProps) {
  const project = useProject()
  const filters = project.test_account_filters as unknown[]
  const [opened, setOpened] = useState(false)
  if (filters.length === 0) {
    return (
      <Popover opened={opened} onChange={setOpened} position="bottom" width={260} shadow="md">
        <Popover.Target>
          <button type="button" className={classes.tool} onClick={() => setOpened(!opened)}>
            Test accounts
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <p className={classes.hintText}>
            The project's settings do not say yet who is a test account. Once they do, one switch here leaves them out.{' '}
            <Link to="/project/$projectId/settings" params={{ projectId: project.id }}>
              Say it in the settings
            </Link>
          </p>
        </Popover.Dropdown>
      </Popover>
    )
  }
  return (
    <Switch
      size="xs"
      className={classes.switch}
      label="Without test accounts"
      checked={query.filterTestAccounts ?? false}
      onChange={(event) => onChange({ ...query, filterTestAccounts: event.currentTarget.checked ? true : undefined })}
    />
  )
}

function DisplayChoice({ query, onChange }: ToolbarProps) {
  switch (query.kind) {
    case 'TrendsQuery': {
      const display = displayOf(query)
      return (
        <PickList
          label={`Chart: ${displayChoices.find(({ id }) => id === display)?.label ?? display}`}
          hasSearch={false}
          width={200}
          className={classes.tool}
          value={display}
          groups={(['Over time', 'In all'] as const).map((label) => ({
            label,
            options: displayChoices.filter(({ group }) => group === label).map(({ id, label: words }) => ({ value: id, label: words })),
          }))}
          onPick={(picked) => {
            const found = displayChoices.find(({ id }) => id === picked)
            if (found) onChange(withDisplay(query, found.id))
          }}
        >
          {displayChoices.find(({ id }) => id === display)?.label}
          <ChevronDownIcon size={14} />
        </PickList>
      )
    }
    case 'FunnelsQuery':
      return (
        <Choice
          label="View"
          value={vizOf(query)}
          width={200}
          className={classes.tool}
          options={funnelVizTypes.map((value) => ({ value, label: vizWords[value] }))}
          onChange={(value) =>
            onChange({ ...query, funnelsFilter: { ...query.funnelsFilter, funnelVizType: value === 'steps' ? undefined : value } })
          }
        />
      )
    case 'StickinessQuery':
      return (
        <Choice
          label="Chart"
          value={query.stickinessFilter?.display ?? 'ActionsLineGraph'}
          width={150}
          className={classes.tool}
          options={[
            { value: 'ActionsLineGraph', label: 'Lines' },
            { value: 'ActionsBar', label: 'Bars' },
          ]}
          onChange={(display) =>
            onChange({ ...query, stickinessFilter: { ...query.stickinessFilter, display: display === 'ActionsBar' ? display : undefined } })
          }
        />
      )
    case 'RetentionQuery':
    case 'PathsQuery':
    case 'LifecycleQuery':
      return null
  }
}
