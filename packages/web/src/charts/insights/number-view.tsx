import { Untrusted } from '../../ui/untrusted.tsx'
import { actorsOfLine } from './trends-lines.ts'
import type { LinesProps } from './trends-view.tsx'
import { changeWords, formatValue } from './values.ts'
import classes from './views.module.css'

/** The number alone, as large as it deserves, and how it changed. */
export function NumberView({ query, lines, heightPx, onActors }: LinesProps) {
  const now = lines.find(({ isPrevious }) => !isPrevious)
  if (!now) return null
  const before = lines.find(({ isPrevious, colour }) => isPrevious && colour === now.colour)
  const change = before && changeWords(now.total, before.total)
  const choice = actorsOfLine(query, now, undefined)
  return (
    <div className={classes.number} style={{ minHeight: Math.min(heightPx, 260) }}>
      {onActors && choice ? (
        <button
          type="button"
          className={classes.figure}
          onClick={() => onActors(choice)}
          aria-label={`${formatValue(now.total, query.trendsFilter)}: see who`}
        >
          {formatValue(now.total, query.trendsFilter)}
        </button>
      ) : (
        <span className={classes.figure}>{formatValue(now.total, query.trendsFilter)}</span>
      )}
      <span className={classes.figureLabel}>
        <Untrusted>{now.label}</Untrusted>
      </span>
      {before && (
        <span className={classes.change} data-direction={now.total >= before.total ? 'up' : 'down'}>
          {change ?? 'new'} <span className={classes.faint}>against {formatValue(before.total, query.trendsFilter)} before</span>
        </span>
      )}
    </div>
  )
}
