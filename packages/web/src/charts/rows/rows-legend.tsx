import { Untrusted } from '../../ui/untrusted.tsx'
import { cssColour } from '../colours.ts'
import classes from './rows.module.css'

/** Which colour is which column. */
export function Legend({ names }: { names: readonly string[] }) {
  return (
    <ul className={classes.legend}>
      {names.map((name, place) => (
        <li key={name}>
          <span className={classes.mark} style={{ background: cssColour(place) }} />
          <Untrusted>{name}</Untrusted>
        </li>
      ))}
    </ul>
  )
}
