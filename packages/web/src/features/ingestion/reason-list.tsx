import { formatCount } from '../../ui/numbers.ts'
import { reasonCounts, reasonText } from '../../ui/reasons.ts'
import classes from './ingestion-page.module.css'

interface ReasonListProps {
  byReason: Record<string, number>
  chosen: string | undefined
  none: string
  /** Chosen again, a reason is let go: `undefined`. */
  onChoose: (reason: string | undefined) => void
}

/** Reasons by how often they occurred, each with what it means and what to do. Choosing one filters the list below. */
export function ReasonList({ byReason, chosen, none, onChoose }: ReasonListProps) {
  const counts = reasonCounts(byReason)
  if (counts.length === 0) return <p className={classes.none}>{none}</p>
  return (
    <ul className={classes.reasons}>
      {counts.map(({ reason, count, share }) => {
        const { title, means, doThis } = reasonText(reason)
        return (
          <li key={reason}>
            <details>
              <summary>
                <span className={classes.reasonTitle}>{title}</span>
                <span className={classes.reasonCount}>{formatCount(count)}</span>
                <span className={classes.reasonBar} aria-hidden="true">
                  <span className={classes.reasonFill} style={{ width: `${Math.max(1, share * 100)}%` }} />
                </span>
              </summary>
              <div className={classes.reasonWords}>
                <p>{means}</p>
                <p>
                  <strong>What to do.</strong> {doThis}
                </p>
                <p className={classes.reasonFoot}>
                  <code>{reason}</code>
                  <button
                    type="button"
                    className={classes.textButton}
                    aria-pressed={chosen === reason}
                    onClick={() => onChoose(chosen === reason ? undefined : reason)}
                  >
                    {chosen === reason ? 'Show all events below' : 'Show only these events below'}
                  </button>
                </p>
              </div>
            </details>
          </li>
        )
      })}
    </ul>
  )
}
