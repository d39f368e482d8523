import { HedgerowMark } from '../ui/mark.tsx'
import classes from './splash.module.css'

/** While the first answer is awaited. Appears only when that takes a while, so that fast pages do not flicker. */
export function Splash() {
  return (
    <div className={classes.splash} role="status" aria-label="Loading">
      <HedgerowMark size={40} />
    </div>
  )
}
