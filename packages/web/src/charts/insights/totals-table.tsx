import { Untrusted } from '../../ui/untrusted.tsx'
import { cssColour } from '../colours.ts'
import { actorsOfLine } from './trends-lines.ts'
import type { LinesProps } from './trends-view.tsx'
import { formatPercent, formatValue } from './values.ts'
import classes from './views.module.css'

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }

/** One number for each series and value, as a table. */
export function TotalsTable({ query, lines, heightPx, onActors }: LinesProps) {
  const shown = lines.filter(({ isHidden }) => !isHidden)
  const sum = shown.reduce((all, { total }) => all + Math.max(0, total), 0)
  return (
    <section className={classes.scroll} style={{ maxHeight: Math.max(heightPx, 360) }} aria-label="Values" {...scrollable}>
      <table className={classes.totals}>
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col">Share</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((line) => {
            const choice = actorsOfLine(query, line, undefined)
            const text = formatValue(line.total, query.trendsFilter)
            return (
              <tr key={line.index}>
                <th scope="row">
                  <span className={classes.named}>
                    <span className={classes.dot} style={{ background: cssColour(line.colour) }} />
                    <Untrusted>{line.label}</Untrusted>
                  </span>
                </th>
                <td>{formatPercent(sum > 0 ? Math.max(0, line.total) / sum : 0)}</td>
                <td>
                  {onActors && choice ? (
                    <button type="button" className={classes.cellButton} onClick={() => onActors(choice)}>
                      {text}
                    </button>
                  ) : (
                    text
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}
