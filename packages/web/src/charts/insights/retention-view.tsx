import { SegmentedControl } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { useCallback, useMemo, useState } from 'react'
import type { RetentionRow } from '../../api-client/insight-results.ts'
import { useCohortNames } from '../../api-client/use-cohort-names.ts'
import type { ActorsChoice } from '../../query-model/actors.ts'
import { breakdownLabel } from '../../query-model/breakdown.ts'
import type { RetentionQuery } from '../../query-model/nodes.ts'
import { useNow } from '../../ui/clock.ts'
import { countOf, formatCount } from '../../ui/numbers.ts'
import { unpictured } from '../../ui/picture-of.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useZone } from '../../ui/zone.tsx'
import { Chart, type Palette } from '../chart.tsx'
import { Legend } from './legend.tsx'
import {
  breakdownGroups,
  finishedColumns,
  groupMean,
  measureOf,
  type RetentionCell,
  type RetentionCohort,
  type RetentionTable,
  retentionTable,
} from './retention-table.ts'
import classes from './retention-view.module.css'
import { timeSeriesOption } from './time-series-option.ts'
import type { Line } from './trends-lines.ts'
import { formatPercent, formatValue } from './values.ts'
import type { ViewProps } from './view-props.ts'
import views from './views.module.css'

type RetentionViewProps = ViewProps<RetentionQuery>

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }

/** The curve of those who come back, and under it every cohort, the darker the more. */
export function RetentionView({ query, answer, heightPx, isPreview = false, onActors, onChart }: RetentionViewProps) {
  const zone = useZone()
  const nowMs = useNow()
  const asOfMs = answer.as_of === undefined ? nowMs : Date.parse(answer.as_of)
  const table = useMemo(
    () => retentionTable(query, (answer.results ?? []) as RetentionRow[], asOfMs, zone),
    [query, answer.results, asOfMs, zone],
  )
  const [chosen, setChosen] = useState<readonly number[]>([])
  const isByCohort = query.breakdownFilter?.breakdown_type === 'cohort'
  const cohortName = useCohortNames(isByCohort)
  const groups = useMemo(
    () => breakdownGroups(table, (value) => (isByCohort && !Array.isArray(value) ? cohortName(value) : breakdownLabel(value))),
    [table, isByCohort, cohortName],
  )
  const lines = useMemo(() => curves(query, table, groups, chosen), [query, table, groups, chosen])
  const option = useCallback(
    (palette: Palette) =>
      timeSeriesOption(
        {
          lines,
          shape: 'line',
          unfinishedFrom: table.columns.length,
          isPreview,
          ...(table.shows === 'share'
            ? { filter: { aggregationAxisPostfix: ' %' }, most: 100, formatValue: (value: number) => `${value.toFixed(1)} %` }
            : { filter: undefined }),
        },
        palette,
      ),
    [lines, table.columns.length, table.shows, isPreview],
  )
  const people = table.cohorts.reduce((sum, { size }) => sum + size, 0)
  const hasCurve = table.columns.length <= 1 || finishedColumns(table).length > 1
  return (
    <div className={classes.view}>
      {people === 0 || !hasCurve ? (
        <p className={classes.nobody} style={{ minHeight: isPreview ? heightPx : undefined }}>
          {people === 0 ? 'Nobody began in this time.' : 'No period to come back in is over yet.'}
        </p>
      ) : (
        <>
          <Chart
            description={`${measureWords[table.shows]}, by ${table.unit}: ${lines[0]?.data.map((value) => (table.shows === 'share' ? `${Math.round(value)} %` : formatValue(value))).join(', ') ?? ''}`}
            heightPx={isPreview ? heightPx - (lines.length > 1 ? 34 : 0) : 220}
            option={option}
            renderer="canvas"
            onChart={onChart}
          />
          <Legend lines={lines} isShort={isPreview} />
        </>
      )}
      {!isPreview && people > 0 && (
        <HeatTable
          table={table}
          groups={groups}
          hasCurve={hasCurve}
          chosen={chosen}
          onChoose={(index) => setChosen(chosen.includes(index) ? chosen.filter((each) => each !== index) : [...chosen, index])}
          onActors={onActors}
        />
      )}
    </div>
  )
}

const measureWords = {
  share: 'Share that came back',
  sum: 'Sum for each who began',
  avg: 'Average of those who came back',
} as const

type Groups = ReturnType<typeof breakdownGroups>

function curves(query: RetentionQuery, table: RetentionTable, groups: Groups, chosen: readonly number[]): Line[] {
  const columns = finishedColumns(table)
  const base = {
    days: columns,
    labels: columns,
    total: 0,
    isPrevious: false,
    isHidden: false,
    series: undefined,
    breakdown: undefined,
  }
  const scale = table.shows === 'share' ? 100 : 1
  const drawn = (measures: (number | undefined)[]) => measures.filter((each) => each !== undefined).map((each) => each * scale)
  const means = groups.map(
    ({ label, cohorts }, index): Line => ({
      ...base,
      index,
      label: label ?? 'All together',
      colour: index,
      data: drawn(groupMean(query, table, cohorts)),
    }),
  )
  const picked = chosen.flatMap((index, place): Line[] => {
    const cohort = table.cohorts[index]
    const known = cohort?.cells.filter(({ isFuture, isUnfinished }, column) => !isFuture && (!isUnfinished || column === 0))
    return cohort && known
      ? [
          {
            ...base,
            index: 1000 + index,
            label: cohort.label,
            colour: means.length + place,
            data: drawn(known.map((cell) => measureOf(cell, cohort.size, table.shows))),
          },
        ]
      : []
  })
  return [...means, ...picked]
}

interface HeatTableProps {
  table: RetentionTable
  groups: Groups
  /** Whether rows can be drawn above. */
  hasCurve: boolean
  chosen: readonly number[]
  onChoose: (index: number) => void
  onActors: RetentionViewProps['onActors']
}

function HeatTable({ table, groups, hasCurve, chosen, onChoose, onActors }: HeatTableProps) {
  const [shading, setShading] = useLocalStorage<'all' | 'row'>({ key: 'hedgerow.retention-shading', defaultValue: 'all' })
  const mostOf = (cohorts: readonly RetentionCohort[]) =>
    Math.max(0.01, ...cohorts.flatMap(({ cells }) => cells.slice(1).map((cell) => shownOf(cell, table.shows) ?? 0)))
  const most = mostOf(table.cohorts)
  return (
    <div className={classes.heat}>
      <div className={classes.tools} {...unpictured}>
        <span className={classes.note}>{hasCurve ? 'A click on a row draws it above; hatched' : 'Hatched'} periods are not over yet.</span>
        <SegmentedControl
          size="xs"
          aria-label="What the shades compare"
          value={shading}
          onChange={(value) => setShading(value === 'row' ? 'row' : 'all')}
          data={[
            { value: 'all', label: 'Shade all' },
            { value: 'row', label: 'Shade each row' },
          ]}
        />
      </div>
      <section className={classes.scroll} aria-label="Retention of each cohort" {...scrollable}>
        <table className={classes.table} onKeyDown={moveInTable}>
          <thead>
            <tr>
              <th scope="col">Began</th>
              <th scope="col">People</th>
              {table.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          {groups.map(({ label, cohorts }) => (
            <tbody key={label ?? ''}>
              {label !== undefined && (
                <tr className={classes.groupRow}>
                  <th scope="rowgroup" colSpan={2 + table.columns.length}>
                    <Untrusted>{label}</Untrusted>
                  </th>
                </tr>
              )}
              {cohorts.map((cohort) => (
                <CohortRow
                  key={cohort.index}
                  cohort={cohort}
                  columns={table.columns}
                  shows={table.shows}
                  scale={shading === 'all' ? most : mostOf([cohort])}
                  isChosen={chosen.includes(cohort.index)}
                  onChoose={() => onChoose(cohort.index)}
                  onActors={onActors}
                />
              ))}
            </tbody>
          ))}
        </table>
      </section>
    </div>
  )
}

interface CohortRowProps {
  cohort: RetentionCohort
  columns: readonly string[]
  shows: RetentionTable['shows']
  /** What is drawn darkest. */
  scale: number
  isChosen: boolean
  onChoose: () => void
  onActors: RetentionViewProps['onActors']
}

/** What stands in a cell: a share, or the sum or average of the cohort itself. */
const shownOf = (cell: RetentionCell, shows: RetentionTable['shows']) => (shows === 'share' ? cell.share : cell.value)

function CohortRow({ cohort, columns, shows, scale, isChosen, onChoose, onActors }: CohortRowProps) {
  const choice = (column: number): ActorsChoice => ({
    title: `Began ${cohort.label}${column === 0 ? '' : `, back in ${columns[column] ?? ''}`}`,
    value: cohort.cells[column]?.count,
    counts: 'people',
    point: {
      kind: 'InsightActorsQuery',
      interval: cohort.row,
      ...(cohort.breakdown === undefined ? {} : { breakdown: cohort.breakdown }),
    },
  })
  return (
    <tr data-chosen={isChosen}>
      <th scope="row">
        <button type="button" aria-pressed={isChosen} className={views.cellButton} onClick={onChoose}>
          {cohort.label}
        </button>
      </th>
      <td className={classes.size}>
        {onActors && cohort.size > 0 ? (
          <button
            type="button"
            className={views.cellButton}
            aria-label={`${countOf(cohort.size, 'person')} began ${cohort.label}`}
            onClick={() => onActors(choice(0))}
          >
            {formatCount(cohort.size)}
          </button>
        ) : (
          formatCount(cohort.size)
        )}
      </td>
      {cohort.cells.map((cell, column) => {
        const name = columns[column] ?? String(column)
        const measure = shownOf(cell, shows)
        if (cell.isFuture || cell.share === undefined || measure === undefined) return <td key={name} className={classes.future} />
        const strength = column === 0 ? 1 : Math.min(1, Math.max(0, measure / scale))
        const text = shows === 'share' ? formatPercent(measure) : formatValue(measure)
        const label = `${cohort.label}, ${name}: ${text}, ${countOf(cell.count, 'person')}${cell.isUnfinished ? ', not over yet' : ''}`
        return (
          <td
            key={name}
            className={classes.cell}
            data-unfinished={cell.isUnfinished && column > 0}
            data-strong={column === 0}
            style={{ '--strength': `${column === 0 ? 100 : Math.round(6 + strength * 50)}%` } as React.CSSProperties}
          >
            {onActors ? (
              <button
                type="button"
                title={countOf(cell.count, 'person')}
                aria-label={label}
                data-cell
                onClick={() => onActors(choice(column))}
              >
                {text}
              </button>
            ) : (
              <span title={countOf(cell.count, 'person')}>{text}</span>
            )}
          </td>
        )
      })}
    </tr>
  )
}

/** Arrows go from cell to cell. */
function moveInTable(event: React.KeyboardEvent<HTMLTableElement>) {
  const target = event.target as HTMLElement
  const cell = target.closest('td, th')
  const row = cell?.parentElement
  if (!cell || !row) return
  const place = [...row.children].indexOf(cell)
  const to =
    event.key === 'ArrowRight'
      ? row.children[place + 1]
      : event.key === 'ArrowLeft'
        ? row.children[place - 1]
        : event.key === 'ArrowDown'
          ? row.nextElementSibling?.children[place]
          : event.key === 'ArrowUp'
            ? row.previousElementSibling?.children[place]
            : undefined
  const button = to?.querySelector('button')
  if (!button) return
  event.preventDefault()
  button.focus()
}
