import { CheckIcon, CrossIcon, DuplicateIcon, WarningIcon } from '../../ui/icons.tsx'
import classes from './live-page.module.css'
import { type VerdictKind, verdictLabels } from './verdicts.ts'

const signs: Record<VerdictKind, typeof CheckIcon> = {
  stored: CheckIcon,
  warning: WarningIcon,
  repeated: DuplicateIcon,
  rejected: CrossIcon,
}

/** What became of an event, in a word. */
export function VerdictChip({ verdict }: { verdict: VerdictKind }) {
  const Sign = signs[verdict]
  return (
    <span className={classes.verdict} data-verdict={verdict}>
      <Sign size={13} />
      <span className={classes.verdictWord}>{verdictLabels[verdict]}</span>
    </span>
  )
}
