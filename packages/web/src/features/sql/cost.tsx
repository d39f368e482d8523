import { countOf, formatCount } from '../../ui/numbers.ts'
import { Empty } from '../../ui/states.tsx'
import classes from './sql.module.css'
import type { SqlRun } from './use-sql-runs.ts'

/** What the engine expects to read, before anything is read. */
export function Cost({ run }: { run: SqlRun | undefined }) {
  const costs = run?.cost
  if (!costs)
    return run?.isRunning ? null : <Empty title="Not estimated yet">“Estimate” asks what the query would read, without running it.</Empty>
  return (
    <div className={classes.cost}>
      {costs.map((cost) => (
        <div key={cost.plan.join('\n')}>
          <p className={classes.costFigure}>
            About <strong>{countOf(cost.rows, 'row')}</strong> to read
          </p>
          {cost.tables.length > 0 && (
            <table className={classes.costTable}>
              <thead>
                <tr>
                  <th scope="col">Table</th>
                  <th scope="col">Parts</th>
                  <th scope="col">Rows</th>
                </tr>
              </thead>
              <tbody>
                {cost.tables.map(({ table, parts, rows }) => (
                  <tr key={table}>
                    <td>{table}</td>
                    <td>{formatCount(parts)}</td>
                    <td>{formatCount(rows)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <details>
            <summary>The engine's plan</summary>
            <pre className={classes.plan}>{cost.plan.join('\n')}</pre>
          </details>
        </div>
      ))}
    </div>
  )
}
