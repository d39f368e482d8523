import { eventColour } from '../../ui/event-name.ts'
import classes from './persons-page.module.css'

/** A sign for a person: the first letter on a colour of their own. */
export function Face({ name, id, size = 26 }: { name: string; id: string; size?: number }) {
  const letter = [...name.trim()][0]?.toUpperCase() ?? '?'
  return (
    <span
      className={classes.face}
      aria-hidden="true"
      style={{ '--face': eventColour(id), width: size, height: size, fontSize: size * 0.44 } as React.CSSProperties}
    >
      {letter}
    </span>
  )
}
