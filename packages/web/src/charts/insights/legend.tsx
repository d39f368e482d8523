import { useMergedRef, useResizeObserver } from '@mantine/hooks'
import { useLayoutEffect, useState } from 'react'
import { Untrusted } from '../../ui/untrusted.tsx'
import { cssColour } from '../colours.ts'
import type { Line } from './trends-lines.ts'
import classes from './views.module.css'

// limit: more entries than this are read in the table.
const mostEntries = 12

interface LegendProps {
  lines: readonly Line[]
  /** On one line, as far as it goes. */
  isShort?: boolean
  onToggle?: ((index: number) => void) | undefined
  onSolo?: ((index: number) => void) | undefined
  /** Said after the name. */
  note?: (line: Line) => string
}

/** What the colours mean; a click hides and shows, a double click shows one alone. */
export function Legend({ lines, isShort = false, onToggle, onSolo, note }: LegendProps) {
  const [list, setList] = useState<HTMLUListElement | null>(null)
  const [watched, { width }] = useResizeObserver<HTMLUListElement>()
  const ref = useMergedRef(watched, setList)
  const [unseen, setUnseen] = useState(0)
  // why: what has no room on the one line is left out whole; how many those are, only their places tell.
  useLayoutEffect(() => {
    const items = [...(list?.children ?? [])] as HTMLElement[]
    const top = items[0]?.offsetTop ?? 0
    setUnseen(isShort && width > 0 ? items.filter(({ offsetTop }) => offsetTop > top).length : 0)
  }, [list, width, isShort])
  if (lines.length < 2) return null
  const entries = (
    <ul ref={ref} className={classes.legend} data-short={isShort} aria-label="Legend">
      {lines.slice(0, mostEntries).map((line) => (
        <li key={line.index}>
          {onToggle ? (
            <button
              type="button"
              aria-pressed={!line.isHidden}
              className={classes.legendItem}
              data-hidden={line.isHidden}
              onClick={(event) => (event.shiftKey || event.altKey ? onSolo?.(line.index) : onToggle(line.index))}
              onDoubleClick={() => onSolo?.(line.index)}
            >
              <span className={classes.dot} data-previous={line.isPrevious} style={{ background: cssColour(line.colour) }} />
              <Untrusted>{line.label}</Untrusted>
              {note && <span className={classes.legendNote}>{note(line)}</span>}
            </button>
          ) : (
            <span className={classes.legendItem} data-hidden={line.isHidden}>
              <span className={classes.dot} data-previous={line.isPrevious} style={{ background: cssColour(line.colour) }} />
              <Untrusted>{line.label}</Untrusted>
              {note && <span className={classes.legendNote}>{note(line)}</span>}
            </span>
          )}
        </li>
      ))}
      {!isShort && lines.length > mostEntries && <li className={classes.legendMore}>and {lines.length - mostEntries} more</li>}
    </ul>
  )
  if (!isShort) return entries
  const left = unseen + Math.max(0, lines.length - mostEntries)
  return (
    <div className={classes.legendLine}>
      {entries}
      {left > 0 && <span className={classes.legendMore}>+{left}</span>}
    </div>
  )
}
