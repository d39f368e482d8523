import type { ReactNode } from 'react'
import { HedgeBand } from '../../ui/hedge-band.tsx'
import { HedgerowMark } from '../../ui/mark.tsx'
import classes from './door.module.css'

/** The pages before one is in: a form in the middle, the hedge below. */
export function Door({ title, note, children }: { title: string; note?: string; children?: ReactNode }) {
  return (
    <main className={classes.door}>
      <title>{`${title} · Hedgerow`}</title>
      <div className={classes.card}>
        <div className={classes.brand}>
          <HedgerowMark size={34} />
          <span>Hedgerow</span>
        </div>
        <h1 className={classes.title}>{title}</h1>
        {note && <p className={classes.note}>{note}</p>}
        {children}
      </div>
      <div className={classes.hedge}>
        <HedgeBand />
      </div>
    </main>
  )
}
