import { Tooltip } from '@mantine/core'
import { formatDuration } from '../../ui/time.ts'
import { lagMs, wayHere } from './live-feed.ts'
import classes from './live-page.module.css'
import type { FeedEvent } from './verdicts.ts'

// limit: what is slower than this is marked.
const slowMs = 5000

/** How long the server took from receiving an event until it could be queried. */
export function LagChip({ event }: { event: FeedEvent }) {
  const ms = lagMs(event)
  if (ms === undefined) return null
  const text = ms < 10_000 && ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms)
  return (
    <Tooltip label={wayHere(event)}>
      <span className={classes.lag} data-tells-more data-slow={ms > slowMs}>
        {text}
      </span>
    </Tooltip>
  )
}
