import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import classes from './data-table.module.css'

export interface Column<Row> {
  id: string
  header: ReactNode
  /** A CSS grid track, e.g. `minmax(160px, 2fr)`. */
  width: string
  /** The track on a phone; a column without one is not shown there. */
  narrowWidth?: string
  align?: 'start' | 'end'
  cell: (row: Row) => ReactNode
}

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }

interface DataTableProps<Row> {
  /** What the table holds, for assistive technology. */
  label: string
  columns: Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** Marks the row that is open beside the table. */
  isSelected?: (row: Row) => boolean
  /** Rows that came while the table was in view appear softly. */
  isFresh?: (row: Row) => boolean
  /** Called when the end comes near, for lists that are loaded by the page. */
  onEnd?: (() => void) | undefined
  /** Below the last row: e.g. that more is being loaded. */
  footer?: ReactNode
  /** How many rows there are in all, where only a part is loaded. */
  totalRows?: number
  rowHeightPx?: number
  scroller?: RefObject<HTMLDivElement | null>
  onHold?: (isHeld: boolean) => void
}

/**
 * Rows of one height, of which only those in view are drawn: a list of a hundred thousand scrolls like one of ten.
 * It fills the height it is given and scrolls inside.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, isSelected, isFresh, onEnd, footer, totalRows, rowHeightPx = 38, onHold } = props
  const own = useRef<HTMLDivElement>(null)
  const scroller = props.scroller ?? own
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan: 12,
    getItemKey: (index) => {
      const row = rows[index]
      return row === undefined ? index : rowKey(row)
    },
  })
  const items = virtualizer.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (onEnd && rows.length > 0 && lastShown >= rows.length - 20) onEnd()
  }, [onEnd, lastShown, rows.length])

  const wide = columns.map(({ width }) => width).join(' ')
  const narrow = columns.flatMap(({ narrowWidth }) => narrowWidth ?? []).join(' ')
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      {...scrollable}
      onPointerEnter={(event) => event.pointerType === 'mouse' && onHold?.(true)}
      onPointerLeave={() => onHold?.(false)}
    >
      <table
        aria-label={label}
        aria-rowcount={(totalRows ?? rows.length) + 1}
        className={classes.table}
        style={{ '--columns-wide': wide, '--columns-narrow': narrow, '--row-px': `${rowHeightPx}px` } as React.CSSProperties}
      >
        <thead className={classes.headGroup}>
          <tr aria-rowindex={1} className={classes.head}>
            {columns.map(({ id, header, align = 'start', narrowWidth }) => (
              <th key={id} scope="col" className={classes.cell} data-align={align} data-wide-only={narrowWidth === undefined}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={classes.rows} style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index]
            if (row === undefined) return null
            return (
              <tr
                key={item.key}
                aria-rowindex={item.index + 2}
                className={classes.row}
                data-selected={isSelected?.(row) ?? false}
                data-fresh={isFresh?.(row) ?? false}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {columns.map(({ id, cell, align = 'start', narrowWidth }) => (
                  <td key={id} className={classes.cell} data-align={align} data-wide-only={narrowWidth === undefined}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
      {footer && <div className={classes.footer}>{footer}</div>}
    </div>
  )
}

/** The class that stretches a link or button over its whole row: the row is clickable, and the keyboard has one stop in it. */
export const rowLinkClass = classes.rowLink
/** For a second link in a row: stays above the stretched one. */
export const aboveRowLinkClass = classes.above
