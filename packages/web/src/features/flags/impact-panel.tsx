import type { FlagBody } from '@hedgerow/protocol'
import { useQuery } from '@tanstack/react-query'
import { flagUsageQuery } from '../../api-client/flags.ts'
import { countOf } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { Loaded, SkeletonRows } from '../../ui/states.tsx'
import { AnswerTable } from './answer-table.tsx'
import type { SetDraft } from './flag-form.ts'
import type { FlagNames } from './flag-words.ts'
import classes from './flags.module.css'
import { SetReach } from './set-reach.tsx'
import { answerTotals } from './usage-totals.ts'

const days = 7

// limit: whom further sets match stands beside their conditions.
const shownSets = 4

interface ImpactPanelProps {
  projectId: number
  flag: FlagBody
  /** As they are being edited. */
  sets: readonly SetDraft[]
  names: FlagNames
}

/** Beside the form: what a change of the flag is felt by. */
export function ImpactPanel({ projectId, flag, sets, names }: ImpactPanelProps) {
  const query = useQuery(flagUsageQuery(projectId, flag.id, days))
  return (
    <Panel title="Impact">
      <h3 className={classes.impactHead}>Whom it matches now</h3>
      {sets.slice(0, shownSets).map((set, index) => (
        <div key={set.id} className={classes.impactSet}>
          {sets.length > 1 && <span className={classes.soft}>Set {index + 1}: </span>}
          <SetReach
            isQuiet
            projectId={projectId}
            set={set}
            groupName={set.groupTypeIndex === null ? undefined : names.groups.get(set.groupTypeIndex)}
          />
        </div>
      ))}
      {sets.length > shownSets && <p className={classes.soft}>and those of {countOf(sets.length - shownSets, 'more set', 'more sets')}</p>}
      <h3 className={classes.impactHead}>What it answered in the last {days} days</h3>
      <Loaded query={query} compact skeleton={<SkeletonRows rows={2} />}>
        {(usage) => {
          const totals = answerTotals(usage)
          return totals.length === 0 ? <p className={classes.soft}>Nobody asked for it.</p> : <AnswerTable totals={totals} />
        }}
      </Loaded>
    </Panel>
  )
}
