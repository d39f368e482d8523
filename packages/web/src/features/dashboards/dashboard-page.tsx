import type { TileBody } from '@hedgerow/protocol'
import { ActionIcon, Button, Menu, Textarea, TextInput, Tooltip } from '@mantine/core'
import { useFullscreenElement, useHotkeys } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { changeDashboard, createDashboard } from '../../api-client/dashboards.ts'
import { describeError } from '../../api-client/errors.ts'
import { copyText } from '../../ui/copy-text.ts'
import { ConnectIcon, DotsIcon, DuplicateIcon, GripIcon, RetryIcon, ScreenIcon, TrashIcon } from '../../ui/icons.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { AddTile, TextDialog } from './add-tile.tsx'
import classes from './dashboards.module.css'
import { Grid, tileHeightPx } from './grid.tsx'
import { MoveTile } from './move-tile.tsx'
import { type DashboardSearch, isOverridden, keptOf, noOverride, ownOf } from './override.ts'
import { OverrideBar } from './override-bar.tsx'
import { TileCard } from './tile-card.tsx'
import { useDashboard } from './use-dashboard.ts'
import { VariableBar } from './variable-bar.tsx'

interface DashboardPageProps {
  dashboardId: string
  search: DashboardSearch
  onSearch: (change: DashboardSearch) => void
}

/** Tiles on a grid, over one time and with the same conditions; they fill in as they are answered. */
export function DashboardPage({ dashboardId, search, onSearch }: DashboardPageProps) {
  const board = useDashboard(dashboardId, search)
  const { dashboard, tiles, places, query } = board
  const [text, setText] = useState<{ tileId?: number; body: string }>()
  const fullscreen = useFullscreenElement<HTMLDivElement>()
  const [moving, setMoving] = useState<TileBody>()
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
  const isEditing = search.edit === 'yes'
  const toggleEdit = () => onSearch({ edit: isEditing ? undefined : 'yes' })
  useHotkeys([
    ['e', toggleEdit],
    ['f', () => void fullscreen.toggle()],
    ['r', board.refresh],
  ])
  const name = dashboard?.name || 'Untitled'
  const answered = tiles.filter(({ id, text: words }) => words !== null || query.data?.answers[id]).length
  return (
    <Page
      title={
        isEditing && dashboard ? (
          <NameField name={dashboard.name} onName={(next) => void board.edit({ name: next })} />
        ) : (
          <Untrusted>{name}</Untrusted>
        )
      }
      documentTitle={name}
      crumbs={[{ label: 'Dashboards', to: '/project/$projectId/dashboards', params: { projectId: String(useProject().id) } }]}
      actions={
        dashboard && (
          <>
            <Button
              variant={isEditing ? 'light' : 'default'}
              leftSection={<GripIcon size={15} />}
              onClick={toggleEdit}
              className={classes.wideOnly ?? ''}
            >
              {isEditing ? 'Done' : 'Edit layout'}
            </Button>
            <AddTile
              dashboardId={dashboard.id}
              shownInsights={new Set(tiles.flatMap(({ insight }) => (insight ? [insight.id] : [])))}
              onInsight={board.addInsight}
              onText={() => setText({ body: '' })}
            />
            <DashboardMenu dashboard={dashboard} onEdit={toggleEdit} />
          </>
        )
      }
    >
      <div ref={fullscreen.ref} className={classes.board} data-full={fullscreen.fullscreen}>
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
              <ActionIcon variant="default" size={32} aria-label="Full screen" onClick={() => void fullscreen.toggle()}>
                <ScreenIcon size={15} />
              </ActionIcon>
            </Tooltip>
          </span>
        </div>
        {dashboard && (
          <Description text={dashboard.description} isEditing={isEditing} onText={(description) => void board.edit({ description })} />
        )}
        {query.error && !query.isFetching && <Failure error={query.error} onRetry={board.refresh} compact={dashboard !== undefined} />}
        {!dashboard && query.isPending && <SkeletonRows rows={6} />}
        {dashboard && tiles.length === 0 && (
          <Empty title="Nothing here yet">“Add” puts saved insights, queries in SQL and texts onto it.</Empty>
        )}
        {dashboard && tiles.length > 0 && (
          <Grid
            places={places}
            isEditing={isEditing}
            onPlaces={(next) => void board.place(next)}
            tile={(place, grip) => {
              const tile = tiles.find(({ id }) => id === place.id)
              if (!tile) return null
              const answer = query.data?.answers[tile.id]
              return (
                <TileCard
                  tile={answer ? { ...tile, insight: answer.insight, last_refresh: answer.last_refresh } : tile}
                  isAnswered={answer !== undefined}
                  isStale={query.isPlaceholderData}
                  heightPx={tileHeightPx(place.h)}
                  grip={grip}
                  onRemove={() => void board.removeTile(tile)}
                  onMove={() => setMoving(tile)}
                  onDuplicate={() => void board.duplicateTile(tile)}
                  onEditText={() => setText({ tileId: tile.id, body: tile.text?.body ?? '' })}
                />
              )
            }}
          />
        )}
      </div>
      <MoveTile tile={moving} from={dashboard?.id} onClose={() => setMoving(undefined)} onMove={board.moveTile} />
      <TextDialog
        text={text?.body}
        onClose={() => setText(undefined)}
        onSave={async (body) => {
          await (text?.tileId === undefined ? board.addText(body) : board.changeText(text.tileId, body))
          setText(undefined)
        }}
      />
    </Page>
  )
}

/** What the dashboard is about: shown where there is something, written while the layout is edited. */
function Description({ text, isEditing, onText }: { text: string; isEditing: boolean; onText: (text: string) => void }) {
  const [draft, setDraft] = useState(text)
  if (!isEditing)
    return text === '' ? null : (
      <p className={classes.description}>
        <Untrusted lines="many">{text}</Untrusted>
      </p>
    )
  return (
    <Textarea
      aria-label="What the dashboard is about"
      placeholder="What the dashboard is about"
      autosize
      minRows={1}
      maxRows={6}
      maxLength={10_000}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => draft !== text && onText(draft)}
    />
  )
}

function NameField({ name, onName }: { name: string; onName: (name: string) => void }) {
  const [text, setText] = useState(name)
  const settle = () => text.trim() !== '' && text !== name && onName(text.trim())
  return (
    <TextInput
      aria-label="Name of the dashboard"
      size="sm"
      value={text}
      maxLength={400}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={settle}
      onKeyDown={(event) => event.key === 'Enter' && settle()}
    />
  )
}

function DashboardMenu({ dashboard, onEdit }: { dashboard: { id: number; name: string }; onEdit: () => void }) {
  const project = useProject()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const list = { queryKey: ['project', project.id, 'dashboards'] }
  const doing = async (failed: string, work: () => Promise<void>) => {
    try {
      await work()
      await queryClient.invalidateQueries(list)
    } catch (error) {
      toast(`${failed}: ${describeError(error).cause}`, 'failed')
    }
  }
  const duplicate = () =>
    doing('Not duplicated', async () => {
      const copy = await createDashboard(project.id, { name: `${dashboard.name} (copy)`, use_dashboard: dashboard.id })
      await navigate({ to: '/project/$projectId/dashboards/$dashboardId', params: { projectId: project.id, dashboardId: String(copy.id) } })
    })
  const remove = () =>
    doing('Not deleted', async () => {
      await changeDashboard(project.id, dashboard.id, { deleted: true })
      await navigate({ to: '/project/$projectId/dashboards', params: { projectId: project.id } })
      toast('Dashboard deleted.', 'done', async () => {
        await changeDashboard(project.id, dashboard.id, { deleted: false })
        await queryClient.invalidateQueries(list)
      })
    })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="More to do with this dashboard">
          <DotsIcon size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<GripIcon size={15} />} onClick={onEdit}>
          Edit name and layout
        </Menu.Item>
        <Menu.Item leftSection={<DuplicateIcon size={15} />} onClick={() => void duplicate()}>
          Duplicate
        </Menu.Item>
        <Menu.Item leftSection={<TrashIcon size={15} />} color="berry" onClick={() => void remove()}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
