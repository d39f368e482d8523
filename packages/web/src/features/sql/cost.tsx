import { countOf, formatCount } from '../../ui/numbers.ts'
import { Empty } from '../../ui/states.tsx'
import { type IndexUse, indexUses } from './index-use.ts'
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
          {indexUses(cost.plan).map((use) => (
            <IndexWords key={`${use.table} ${use.of} ${use.blocks}`} use={use} />
          ))}
          <details>
            <summary>The engine's plan</summary>
            <pre className={classes.plan}>{cost.plan.join('\n')}</pre>
          </details>
        </div>
      ))}
    </div>
  )
}

/** Whether the indices help, and what would let them. */
function IndexWords({ use: { table, blocks, of, by, isWhole } }: { use: IndexUse }) {
  return (
    <p className={classes.indexUse} data-tone={isWhole ? 'whole' : undefined}>
      {isWhole ? (
        <>
          <strong>{table}</strong>: no index helps, all {countOf(of, 'block')} of rows may be read.
          {table === 'events' && ' A condition on timestamp, or on event, lets the engine leave most out.'}
        </>
      ) : (
        <>
          <strong>{table}</strong>: {formatCount(blocks)} of {countOf(of, 'block')} of rows
          {by.map(({ words, leftOut }) => `; ${words} leaves out ${formatCount(leftOut)}`).join('')}
          {by.length === 0 && '; the indices leave none out'}.
        </>
      )}
    </p>
  )
}
