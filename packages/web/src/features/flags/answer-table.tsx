import { formatCount, formatShare } from '../../ui/numbers.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './flags.module.css'
import type { AnswerTotal } from './usage-totals.ts'

/** How often a flag gave each of its answers. */
export function AnswerTable({ totals }: { totals: readonly AnswerTotal[] }) {
  const calls = totals.reduce((sum, each) => sum + each.calls, 0)
  const served = totals.reduce((sum, each) => sum + each.served, 0)
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <caption className={classes.hidden}>Evaluations by answer</caption>
        <thead>
          <tr>
            <th scope="col">Answer</th>
            <th scope="col" className={classes.number}>
              Told by apps
            </th>
            <th scope="col" className={classes.number}>
              Share
            </th>
            <th scope="col" className={classes.number}>
              Served
            </th>
          </tr>
        </thead>
        <tbody>
          {totals.map((each) => (
            <tr key={each.answer}>
              <td>
                <Untrusted mono>{each.answer}</Untrusted>
              </td>
              <td className={classes.number}>{formatCount(each.calls)}</td>
              <td className={classes.number}>{calls > 0 ? formatShare(each.calls, calls) : formatShare(each.served, served)}</td>
              <td className={classes.number}>{formatCount(each.served)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
