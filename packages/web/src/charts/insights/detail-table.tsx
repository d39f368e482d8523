import { Checkbox, SegmentedControl } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState } from 'react'
import type { TrendsRow } from '../../api-client/insight-results.ts'
import type { TrendsQuery } from '../../query-model/nodes.ts'
import { displayOf, isTotal } from '../../query-model/trends.ts'
import { SearchIcon } from '../../ui/icons.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import { cssColour } from '../colours.ts'
import classes from './detail-table.module.css'
import { shortLabel } from './labels.ts'
import { actorsOfLine, type Line, linesOf, toggleLine, withHidden } from './trends-lines.ts'
import { formatPercent, formatValue } from './values.ts'
import type { ViewProps } from './view-props.ts'
import views from './views.module.css'

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }
const cellPx = 86

/** Every number of a chart: a row for each line, a column for each interval. Only the columns in view are drawn. */
export function DetailTable({ query, answer, onQuery, onActors }: Omit<ViewProps<TrendsQuery>, 'heightPx'>) {
  const lines = useMemo(() => linesOf(query, (answer.results ?? []) as TrendsRow[]), [query, answer.results])
  const [search, setSearch] = useState('')
  const [heat, setHeat] = useState<'row' | 'none'>('row')
  const scroller = useRef<HTMLElement>(null)
  const labels = lines.find(({ isPrevious }) => !isPrevious)?.labels ?? []
  const columns = useVirtualizer({
    horizontal: true,
    count: isTotal(displayOf(query)) ? 0 : labels.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => cellPx,
    overscan: 8,
  })
  const items = columns.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = columns.getTotalSize() - (items.at(-1)?.end ?? 0)
  // why: a map has one colour, the darker the more; those of the lines would mean nothing beside it.
  const hasDots = displayOf(query) !== 'WorldMap'
  const wanted = search.trim().toLowerCase()
  const shown = lines.filter(({ label }) => label.toLowerCase().includes(wanted))
  const visible = lines.filter(({ isHidden }) => !isHidden).length
  const currentCount = lines.filter(({ isPrevious }) => !isPrevious).length
  const sum = lines.reduce((all, { total, isPrevious }) => all + (isPrevious ? 0 : Math.max(0, total)), 0)
  return (
    <div className={classes.whole}>
      <div className={classes.tools}>
        {lines.length > 8 && (
          <label className={classes.search}>
            <SearchIcon size={14} />
            <input
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
              placeholder={`Find among ${countOf(lines.length, 'row')}`}
              aria-label="Find a row"
            />
          </label>
        )}
        {columns.options.count > 0 && (
          <SegmentedControl
            size="xs"
            className={classes.heatChoice}
            aria-label="Shading"
            value={heat}
            onChange={(value) => setHeat(value === 'none' ? 'none' : 'row')}
            data={[
              { value: 'row', label: 'Shade rows' },
              { value: 'none', label: 'Plain' },
            ]}
          />
        )}
      </div>
      <section ref={scroller} className={classes.scroll} aria-label="All numbers" {...scrollable}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col" className={classes.first}>
                <span className={views.named}>
                  <Checkbox
                    size="xs"
                    aria-label="Show all lines"
                    checked={visible === lines.length}
                    indeterminate={visible > 0 && visible < lines.length}
                    disabled={!onQuery}
                    onChange={() => onQuery?.(withHidden(query, visible === lines.length ? lines.map(({ index }) => index) : []))}
                  />
                  Series
                </span>
              </th>
              <th scope="col">{isTotal(displayOf(query)) ? 'Value' : 'Total'}</th>
              {items.length > 0 && before > 0 && <td style={{ minWidth: before }} />}
              {items.map(({ index }) => (
                <th key={index} scope="col">
                  {shortLabel(labels[index] ?? '')}
                </th>
              ))}
              {items.length > 0 && after > 0 && <td style={{ minWidth: after }} />}
            </tr>
          </thead>
          <tbody>
            {shown.map((line) => (
              <tr key={line.index}>
                <th scope="row" className={classes.first}>
                  <span className={views.named}>
                    <Checkbox
                      size="xs"
                      aria-label={`Show ${line.label.slice(0, 80)}`}
                      checked={!line.isHidden}
                      disabled={!onQuery}
                      onChange={() => onQuery?.(toggleLine(query, line.index))}
                    />
                    {hasDots && (
                      <span className={views.dot} data-previous={line.isPrevious} style={{ background: cssColour(line.colour) }} />
                    )}
                    <Untrusted>{line.label}</Untrusted>
                  </span>
                </th>
                <td className={classes.total}>
                  {formatValue(line.total, query.trendsFilter)}{' '}
                  {currentCount > 1 && (
                    <span className={classes.share}>
                      {!line.isPrevious && line.series !== undefined && formatPercent(sum > 0 ? Math.max(0, line.total) / sum : 0)}
                    </span>
                  )}
                </td>
                {items.length > 0 && before > 0 && <td />}
                {items.map(({ index }) => (
                  <NumberCell key={index} query={query} line={line} index={index} hasHeat={heat === 'row'} onActors={onActors} />
                ))}
                {items.length > 0 && after > 0 && <td />}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}

interface NumberCellProps {
  query: TrendsQuery
  line: Line
  index: number
  hasHeat: boolean
  onActors: ViewProps<TrendsQuery>['onActors']
}

function NumberCell({ query, line, index, hasHeat, onActors }: NumberCellProps) {
  const value = line.data[index]
  const most = Math.max(...line.data, 0)
  const strength = hasHeat && most > 0 && value !== undefined ? Math.round((Math.max(0, value) / most) * 34) : 0
  const choice = value === undefined || value === 0 ? undefined : actorsOfLine(query, line, index)
  const text = value === undefined ? '' : formatValue(value, query.trendsFilter)
  return (
    <td style={strength > 0 ? { background: `color-mix(in srgb, ${cssColour(line.colour)} ${strength}%, transparent)` } : undefined}>
      {onActors && choice ? (
        <button
          type="button"
          className={classes.value}
          title={line.isPrevious ? line.labels[index] : undefined}
          onClick={() => onActors(choice)}
        >
          {text}
        </button>
      ) : (
        <span className={classes.value}>{text}</span>
      )}
    </td>
  )
}
