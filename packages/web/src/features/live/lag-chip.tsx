import { Tooltip } from '@mantine/core'
import { formatDuration } from '../../ui/time.ts'
import classes from './live-page.module.css'

// limit: what is slower than this is marked.
const slowMs = 5000

/** How long the server took from receiving an event until it could be queried. */
export function LagChip({ ms }: { ms: number | undefined }) {
  if (ms === undefined) return null
  const text = ms < 10_000 && ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms)
  return (
    <Tooltip label="From being received to being queryable">
      <span className={classes.lag} data-tells-more data-slow={ms > slowMs}>
        {text}
      </span>
    </Tooltip>
  )
}
