import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useMemo } from 'react'
import { copyText } from '../../ui/copy-text.ts'
import { ConnectIcon, RetryIcon, ScreenIcon } from '../../ui/icons.tsx'
import { countOf } from '../../ui/numbers.ts'
import { toast } from '../../ui/toasts.tsx'
import classes from './dashboards.module.css'
import { type DashboardSearch, isOverridden, keptOf, noOverride, ownOf } from './override.ts'
import { OverrideBar } from './override-bar.tsx'
import type { useDashboard } from './use-dashboard.ts'
import { VariableBar } from './variable-bar.tsx'

interface DashboardBarProps {
  board: ReturnType<typeof useDashboard>
  search: DashboardSearch
  onSearch: (change: DashboardSearch) => void
  /** Tiles that are answered so far. */
  answered: number
  onFullScreen: () => void
}

/** Above the tiles: what is laid over all of them, how far they are, and what can be done with them together. */
export function DashboardBar({ board, search, onSearch, answered, onFullScreen }: DashboardBarProps) {
  const { dashboard, tiles, query } = board
  const own = useMemo(() => ownOf(dashboard), [dashboard])
  const keepAll = async () => {
    await board.keep(keptOf(own, search))
    onSearch(noOverride)
  }
  const copyLink = async () => {
    const address = new URL(location.href)
    address.searchParams.delete('edit')
    const done = await copyText(address.href)
    toast(
      done ? 'Link copied. It shows exactly this, with its dates and filters.' : 'The browser did not allow copying.',
      done ? 'done' : 'failed',
    )
  }
  return (
    <div className={classes.bar}>
      <OverrideBar own={own} search={search} onSearch={onSearch} onOwn={board.keep} />
      <VariableBar tiles={tiles} own={own} search={search} onSearch={onSearch} />
      {isOverridden(search) && dashboard && (
        <>
          <Button size="compact-sm" variant="default" onClick={() => void keepAll()}>
            Keep for everyone
          </Button>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => onSearch(noOverride)}>
            Reset
          </Button>
        </>
      )}
      <span className={classes.barEnd}>
        <span className={classes.faint} role="status">
          {query.isFetching && tiles.length > 0 ? `${answered} of ${countOf(tiles.length, 'tile')} answered` : ''}
        </span>
        <Tooltip label="Copy a link that shows exactly this">
          <ActionIcon variant="default" size={32} aria-label="Copy link" onClick={() => void copyLink()}>
            <ConnectIcon size={15} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Compute all anew · R">
          <ActionIcon variant="default" size={32} aria-label="Refresh" loading={query.isFetching} onClick={board.refresh}>
            <RetryIcon size={15} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Full screen · F">
          <ActionIcon variant="default" size={32} aria-label="Full screen" onClick={onFullScreen}>
            <ScreenIcon size={15} />
          </ActionIcon>
        </Tooltip>
      </span>
    </div>
  )
}
