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
  if (lines.length < 2) return null
  return (
    <ul className={classes.legend} data-short={isShort} aria-label="Legend">
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
      {lines.length > mostEntries && <li className={classes.legendMore}>and {lines.length - mostEntries} more</li>}
    </ul>
  )
}
