import type { ReactNode } from 'react'
import classes from './builder.module.css'

interface SectionProps {
  title: string
  /** At the end of the title's line. */
  end?: ReactNode
  children: ReactNode
}

/** A part of the question. */
export function Section({ title, end, children }: SectionProps) {
  return (
    <section className={classes.section}>
      <div className={classes.sectionHead}>
        <h2 className={classes.sectionTitle}>{title}</h2>
        {end}
      </div>
      {children}
    </section>
  )
}

/** A sentence's choice: words, then what is chosen. */
export function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.line}>
      <span className={classes.lineLabel}>{label}</span>
      <span className={classes.lineChoice}>{children}</span>
    </div>
  )
}
