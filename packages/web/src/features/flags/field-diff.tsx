import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './flags.module.css'
import { type DiffLine, lineDiff } from './line-diff.ts'

interface FieldDiffProps {
  change: { field: string; before: unknown; after: unknown }
  /** What the two sides are called by who cannot see them side by side. */
  labels: [before: string, after: string]
  /** What stands over them, where red and green do not say it. */
  heads?: [before: string, after: string]
}

/** A field as it was, beside how it is; of what is long, what differs. */
export function FieldDiff({ change, labels, heads }: FieldDiffProps) {
  const { before, after } = lineDiff(textOf(change.before), textOf(change.after))
  return (
    <div className={classes.tight}>
      <span className={classes.about}>{change.field.replaceAll('_', ' ')}</span>
      <div className={classes.diff}>
        <Side side="before" lines={before} label={labels[0]} head={heads?.[0]} />
        <Side side="after" lines={after} label={labels[1]} head={heads?.[1]} />
      </div>
    </div>
  )
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)
}

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }

interface SideProps {
  side: 'before' | 'after'
  lines: readonly DiffLine[]
  label: string
  head: string | undefined
}

function Side({ side, lines, label, head }: SideProps) {
  return (
    <div className={classes.half}>
      {head !== undefined && (
        <span className={classes.about}>
          <Untrusted>{head}</Untrusted>
        </span>
      )}
      <section aria-label={label} className={classes.side} {...scrollable}>
        {lines.map(({ text, kind }, index) => (
          <div key={`line-${String(index)}`} className={classes.diffLine} data-side={side} data-kind={kind}>
            <Untrusted lines="many">{text}</Untrusted>
          </div>
        ))}
      </section>
    </div>
  )
}
