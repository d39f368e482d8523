import { ChevronDownIcon } from './icons.tsx'
import classes from './sort-header.module.css'

/** A column's header that sorts by it. */
export function SortHeader({ label, isSorted, onSort }: { label: string; isSorted: boolean; onSort: () => void }) {
  return (
    <button type="button" className={classes.header} aria-pressed={isSorted} aria-label={`Sort by ${label.toLowerCase()}`} onClick={onSort}>
      {label}
      <span className={classes.sign} data-sorted={isSorted}>
        <ChevronDownIcon size={12} />
      </span>
    </button>
  )
}
