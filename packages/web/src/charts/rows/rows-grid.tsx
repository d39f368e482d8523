import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, useMemo, useRef, useState } from 'react'
import { copyText } from '../../ui/copy-text.ts'
import { ChevronDownIcon } from '../../ui/icons.tsx'
import { placed } from '../../ui/placed.ts'
import { toast } from '../../ui/toasts.tsx'
import { visibleText } from '../../ui/visible-text.ts'
import { cellText, columnWidthPx, isNumericColumn, sortedPlaces } from './cells.ts'
import classes from './rows.module.css'

interface RowsGridProps {
  label: string
  columns: readonly string[]
  rows: readonly (readonly unknown[])[]
  /** More rows come: they are not sorted before all are there. */
  isPartial?: boolean
}

const rowHeightPx = 30

interface Place {
  row: number
  column: number
}

/**
 * Rows of any query, of which only those in view are drawn. Arrow keys walk through the cells, Ctrl+C copies the one that is
 * chosen, a column's name sorts by it.
 */
export function RowsGrid({ label, columns, rows, isPartial = false }: RowsGridProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [sort, setSort] = useState<{ column: number; isDescending: boolean }>()
  const [chosen, setChosen] = useState<Place>()
  const widths = useMemo(() => columns.map((name, column) => columnWidthPx(name, rows, column)), [columns, rows])
  const numeric = useMemo(() => columns.map((_, column) => isNumericColumn(rows, column)), [columns, rows])
  const order = useMemo(() => sort && sortedPlaces(rows, sort.column, sort.isDescending), [rows, sort])
  const [shown, setShown] = useState(columns)
  // why: places in another answer mean nothing; more rows of the same one come with the same columns.
  if (shown !== columns) {
    setShown(columns)
    setSort(undefined)
    setChosen(undefined)
  }
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan: 16,
  })
  const rowAt = (index: number) => rows[order?.[index] ?? index] ?? []
  const gutterPx = 26 + String(rows.length).length * 8
  const template = `${gutterPx}px ${widths.map((width) => `${width}px`).join(' ')}`

  const copyCell = async ({ row, column }: Place) => {
    const done = await copyText(cellText(rowAt(row)[column]))
    toast(done ? 'Cell copied.' : 'The browser did not allow copying.', done ? 'done' : 'failed')
  }
  const walk = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'c' && chosen && String(window.getSelection() ?? '') === '') {
      event.preventDefault()
      void copyCell(chosen)
      return
    }
    const next = nextPlace(chosen, event.key, { row: rows.length - 1, column: columns.length - 1 })
    if (!next) return
    event.preventDefault()
    setChosen(next)
    virtualizer.scrollToIndex(next.row)
  }
  const choose = (event: MouseEvent<HTMLElement>) => {
    const cell = (event.target as HTMLElement).closest('td')
    if (cell) setChosen({ row: Number(cell.dataset.row), column: Number(cell.dataset.column) })
  }
  const sortBy = (column: number) => {
    const first = numeric[column] ?? false
    setSort((before) => {
      if (before?.column !== column) return { column, isDescending: first }
      return before.isDescending === first ? { column, isDescending: !first } : undefined
    })
  }

  // why: what scrolls must be reachable by keyboard, and its cells are walked through from there.
  const reached = { tabIndex: 0, onKeyDown: walk, onClick: choose }
  return (
    <div ref={scroller} className={classes.scroller} {...reached}>
      <table className={classes.grid} aria-label={label} aria-rowcount={rows.length + 1}>
        <thead className={classes.headGroup}>
          <tr aria-rowindex={1} className={classes.head} style={{ gridTemplateColumns: template }}>
            <th scope="col" className={classes.gutter}>
              #
            </th>
            {placed(columns).map(({ key, place, item: name }) => (
              <th key={key} scope="col" data-numeric={numeric[place]} aria-sort={sortWord(sort?.column === place ? sort : undefined)}>
                <button type="button" disabled={isPartial} onClick={() => sortBy(place)}>
                  <bdi>{visibleText(name, 'one')}</bdi>
                  {sort?.column === place && (
                    <span className={classes.sortSign} data-up={!sort.isDescending}>
                      <ChevronDownIcon size={12} />
                    </span>
                  )}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={classes.rows} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => (
            <tr
              key={item.key}
              aria-rowindex={item.index + 2}
              className={classes.row}
              style={{ gridTemplateColumns: template, transform: `translateY(${item.start}px)` }}
            >
              <th scope="row" className={classes.gutter}>
                {item.index + 1}
              </th>
              {placed(columns).map(({ key, place }) => (
                <GridCell
                  key={key}
                  value={rowAt(item.index)[place]}
                  at={{ row: item.index, column: place }}
                  isNumeric={numeric[place] ?? false}
                  isChosen={chosen?.row === item.index && chosen.column === place}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const sortWord = (sort: { isDescending: boolean } | undefined) => (sort ? (sort.isDescending ? 'descending' : 'ascending') : 'none')

const far = Number.MAX_SAFE_INTEGER
const steps: Record<string, [number, number]> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  PageDown: [20, 0],
  PageUp: [-20, 0],
  Home: [-far, 0],
  End: [far, 0],
}

function nextPlace(from: Place | undefined, key: string, last: Place): Place | undefined {
  const step = steps[key]
  if (!step) return undefined
  if (!from) return { row: 0, column: 0 }
  return {
    row: Math.min(last.row, Math.max(0, from.row + step[0])),
    column: Math.min(last.column, Math.max(0, from.column + step[1])),
  }
}

function GridCell({ value, at, isNumeric, isChosen }: { value: unknown; at: Place; isNumeric: boolean; isChosen: boolean }) {
  const text = cellText(value)
  return (
    <td
      className={classes.cell}
      data-row={at.row}
      data-column={at.column}
      data-numeric={isNumeric}
      data-chosen={isChosen}
      title={text.length > 24 ? visibleText(text.slice(0, 1000), 'many') : undefined}
    >
      {value === null || value === undefined ? (
        <span className={classes.none}>null</span>
      ) : (
        <bdi>{visibleText(text.slice(0, 300), 'one')}</bdi>
      )}
    </td>
  )
}
