import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './flags.module.css'

interface FieldDiffProps {
  change: { field: string; before: unknown; after: unknown }
  /** What the two sides are called by who cannot see them side by side. */
  labels: [before: string, after: string]
}

/** A field as it was, beside how it is. */
export function FieldDiff({ change, labels }: FieldDiffProps) {
  return (
    <div className={classes.tight}>
      <span className={classes.about}>{change.field.replaceAll('_', ' ')}</span>
      <div className={classes.diff}>
        <Side side="before" value={change.before} label={labels[0]} />
        <Side side="after" value={change.after} label={labels[1]} />
      </div>
    </div>
  )
}

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }

function Side({ side, value, label }: { side: 'before' | 'after'; value: unknown; label: string }) {
  const text = value === null || value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)
  return (
    <section aria-label={label} className={classes.side} data-side={side} {...scrollable}>
      <Untrusted lines="many">{text}</Untrusted>
    </section>
  )
}
