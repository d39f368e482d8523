import type { FlagBody } from '@hedgerow/protocol'
import { useQuery } from '@tanstack/react-query'
import { flagUsageQuery } from '../../api-client/flags.ts'
import { Panel } from '../../ui/page.tsx'
import { Loaded, SkeletonRows } from '../../ui/states.tsx'
import { AnswerTable } from './answer-table.tsx'
import classes from './flags.module.css'
import { answerTotals } from './usage-totals.ts'

const days = 7

/** Beside the form: what a change of the flag is felt by. */
export function ImpactPanel({ projectId, flag }: { projectId: number; flag: FlagBody }) {
  const query = useQuery(flagUsageQuery(projectId, flag.id, days))
  return (
    <Panel title="Impact" note={`What it answered in the last ${days} days.`}>
      <Loaded query={query} compact skeleton={<SkeletonRows rows={2} />}>
        {(usage) => {
          const totals = answerTotals(usage)
          return totals.length === 0 ? <p className={classes.soft}>Nobody asked for it.</p> : <AnswerTable totals={totals} />
        }}
      </Loaded>
    </Panel>
  )
}
