import { ActionIcon, TextInput } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { CopyIconButton } from './copy.tsx'
import { CrossIcon, SearchIcon } from './icons.tsx'
import { Instant } from './instant.tsx'
import { countOf } from './numbers.ts'
import classes from './property-table.module.css'
import { kindOf, type PropertyRow, propertyRows, safeLink, valueText } from './property-value.ts'
import { Untrusted } from './untrusted.tsx'

// limit: from here on rows are drawn only while in view.
const virtualFrom = 120

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }

interface PropertyTableProps {
  properties: Record<string, unknown>
  label: string
  /** What to say when there are none. */
  none?: string
  /** Something at the end of a row, e.g. to edit it. */
  rowEnd?: (row: PropertyRow) => ReactNode
  /** Stands in the place of a value, e.g. while it is edited. */
  instead?: (row: PropertyRow) => ReactNode
}

/** Names and values, however many and however hostile: found by text, copied by a button, never run. */
export function PropertyTable({ properties, label, none = 'No properties.', rowEnd, instead }: PropertyTableProps) {
  const [filter, setFilter] = useState('')
  const total = useMemo(() => Object.keys(properties).length, [properties])
  const rows = useMemo(() => propertyRows(properties, filter), [properties, filter])
  if (total === 0) return <p className={classes.none}>{none}</p>
  return (
    <div className={classes.whole}>
      {total > 6 && (
        <TextInput
          size="sm"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          placeholder={`Find among ${countOf(total, 'property', 'properties')}`}
          aria-label={`Find in ${label}`}
          leftSection={<SearchIcon size={15} />}
          rightSection={
            filter !== '' && (
              <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Clear" onClick={() => setFilter('')}>
                <CrossIcon size={14} />
              </ActionIcon>
            )
          }
        />
      )}
      {rows.length === 0 ? (
        <p className={classes.none}>Nothing matches “{filter.trim()}”.</p>
      ) : rows.length > virtualFrom ? (
        <VirtualRows rows={rows} label={label} rowEnd={rowEnd} instead={instead} />
      ) : (
        <dl className={classes.table} aria-label={label}>
          {rows.map((row) => (
            <Row key={row.name} row={row} rowEnd={rowEnd} instead={instead} />
          ))}
        </dl>
      )}
    </div>
  )
}

interface RowsProps {
  rowEnd: PropertyTableProps['rowEnd']
  instead: PropertyTableProps['instead']
}

function VirtualRows({ rows, label, rowEnd, instead }: { rows: PropertyRow[]; label: string } & RowsProps) {
  const scroller = useRef<HTMLElement>(null)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 34,
    overscan: 10,
    getItemKey: (index) => rows[index]?.name ?? index,
  })
  return (
    <section ref={scroller} className={classes.scroller} aria-label={label} {...scrollable}>
      <dl className={classes.virtual} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index]
          return (
            row && (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                className={classes.virtualRow}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <Row row={row} rowEnd={rowEnd} instead={instead} />
              </div>
            )
          )
        })}
      </dl>
    </section>
  )
}

function Row({ row, rowEnd, instead }: { row: PropertyRow } & RowsProps) {
  const other = instead?.(row)
  return (
    <div className={classes.row} data-sdk={row.name.startsWith('$')}>
      <dt className={classes.name}>
        <Untrusted>{row.name}</Untrusted>
      </dt>
      <dd className={classes.value}>
        {other || <PropertyValue value={row.value} />}
        {!other && (
          <span className={classes.buttons}>
            <CopyIconButton text={typeof row.value === 'string' ? row.value : (JSON.stringify(row.value) ?? '')} label="Copy the value" />
            {rowEnd?.(row)}
          </span>
        )}
      </dd>
    </div>
  )
}

/** One value, by its kind: text in full up to a length, links that open elsewhere, instants in the project's zone. */
function PropertyValue({ value }: { value: unknown }) {
  const [whole, setWhole] = useState(false)
  const kind = kindOf(value)
  const { text, cut } = valueText(value, whole ? 100_000 : undefined)
  switch (kind) {
    case 'nothing':
      return <span className={classes.nothing}>null</span>
    case 'instant':
      return (
        <span className={classes.text}>
          <Instant at={text} style="full" />
        </span>
      )
    case 'link':
      return (
        <a className={classes.link} href={safeLink(text)} target="_blank" rel="noopener noreferrer nofollow">
          <Untrusted lines="many">{text}</Untrusted>
        </a>
      )
    case 'text':
    case 'number':
    case 'boolean':
    case 'list':
    case 'object':
      return (
        <span className={classes.text} data-kind={kind}>
          <Untrusted lines="many">{text}</Untrusted>
          {cut && (
            <button type="button" className={classes.more} onClick={() => setWhole(true)}>
              … show all
            </button>
          )}
        </span>
      )
  }
}
