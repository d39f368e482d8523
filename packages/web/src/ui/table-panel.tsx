import type { ReactNode } from 'react'
import classes from './table-panel.module.css'

interface TablePanelProps {
  toolbar?: ReactNode
  /** At the end of the toolbar, e.g. how many rows there are. */
  note?: ReactNode
  children: ReactNode
}

/** A table that fills the page, with its filters above it. */
export function TablePanel({ toolbar, note, children }: TablePanelProps) {
  return (
    <section className={classes.panel}>
      {(toolbar || note) && (
        <div className={classes.toolbar}>
          {toolbar}
          {note && (
            <span className={classes.note} role="status">
              {note}
            </span>
          )}
        </div>
      )}
      {children}
    </section>
  )
}
