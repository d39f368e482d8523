import { CopyButton } from './copy.tsx'
import { LockIcon } from './icons.tsx'
import classes from './key-field.module.css'

interface KeyFieldProps {
  value: string
  label: string
  /** It will not be shown again: said so, and made to stand out. */
  shownOnce?: boolean
}

export function KeyField({ value, label, shownOnce = false }: KeyFieldProps) {
  return (
    <div className={classes.key} data-once={shownOnce}>
      {shownOnce && (
        <p className={classes.once} role="status">
          <LockIcon size={16} /> Copy it now: it is shown this once.
        </p>
      )}
      <fieldset className={classes.line} aria-label={label}>
        <code className={classes.value}>{value}</code>
        <CopyButton text={value} />
      </fieldset>
    </div>
  )
}
