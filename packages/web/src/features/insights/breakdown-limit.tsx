import { Checkbox, NumberInput } from '@mantine/core'
import type { BreakdownFilter } from '../../query-model/nodes.ts'
import { unitAfter } from '../../ui/numbers.ts'
import classes from './builder.module.css'

interface BreakdownLimitProps {
  value: BreakdownFilter | undefined
  onChange: (value: BreakdownFilter | undefined) => void
  /** Whether the others can be left out. */
  hasChoice: boolean
}

/** How many values get a row of their own, and what becomes of the others. */
export function BreakdownLimit({ value, onChange, hasChoice }: BreakdownLimitProps) {
  return (
    <>
      <NumberInput
        size="xs"
        className={classes.limit}
        label="At most"
        suffix={unitAfter(value?.breakdown_limit ?? 25, 'value')}
        min={1}
        max={300}
        value={value?.breakdown_limit ?? 25}
        onChange={(limit) => typeof limit === 'number' && onChange({ ...value, breakdown_limit: limit === 25 ? undefined : limit })}
      />
      {hasChoice && (
        <Checkbox
          size="xs"
          label="Leave out all others"
          checked={value?.breakdown_hide_other_aggregation ?? false}
          onChange={(event) => onChange({ ...value, breakdown_hide_other_aggregation: event.currentTarget.checked || undefined })}
        />
      )}
    </>
  )
}
