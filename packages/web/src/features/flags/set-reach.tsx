import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { reachQuery } from '../../api-client/flags.ts'
import { formatCount, formatShare } from '../../ui/numbers.ts'
import { conditionOf, isFilled, type SetDraft } from './flag-form.ts'
import classes from './flags.module.css'

interface SetReachProps {
  projectId: number
  set: SetDraft
  groupName: string | undefined
  /** Said elsewhere on the page, too. */
  isQuiet?: boolean
}

/** Whom a set matches now; asked anew a moment after it was changed. */
export function SetReach({ projectId, set, groupName, isQuiet = false }: SetReachProps) {
  const isWhole = set.filters.every(isFilled)
  // why: text, so that an equal set is the same question whichever object it is.
  const [settled] = useDebouncedValue(JSON.stringify(conditionOf(set)), 400)
  const query = useQuery({
    ...reachQuery(projectId, JSON.parse(settled), set.groupTypeIndex),
    enabled: isWhole,
    placeholderData: (before) => before,
  })
  const ones = groupName ? `${groupName} groups` : 'people'
  return (
    <output className={classes.reach} aria-live={isQuiet ? 'off' : 'polite'}>
      {!isWhole
        ? 'Complete the conditions to see how many match.'
        : query.error
          ? `It is not known how many match: ${query.error.message}`
          : query.data
            ? reachWords(query.data.affected, query.data.total, set.rollout, ones)
            : 'Counting …'}
    </output>
  )
}

function reachWords(affected: number, total: number, rollout: number, ones: string): string {
  if (total === 0) return `No ${ones} are known yet; whoever comes is judged by this.`
  const matched = `${formatCount(affected)} of ${formatCount(total)} ${ones} match (${formatShare(affected, total)})`
  return rollout === 100 ? `${matched}.` : `${matched}; about ${formatCount(Math.round((affected * rollout) / 100))} within the rollout.`
}
