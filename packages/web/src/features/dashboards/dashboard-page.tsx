import type { TileBody } from '@hedgerow/protocol'
import { Button, Textarea, TextInput } from '@mantine/core'
import { useFullscreenDocument, useHotkeys, useMediaQuery } from '@mantine/hooks'
import { lazy, Suspense, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { GripIcon } from '../../ui/icons.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { AddTile, TextDialog } from './add-tile.tsx'
import { DashboardBar } from './dashboard-bar.tsx'
import { DashboardMenu } from './dashboard-menu.tsx'
import classes from './dashboards.module.css'
import { Grid, tileHeightPx } from './grid.tsx'
import { MoveTile } from './move-tile.tsx'
import type { DashboardSearch } from './override.ts'
import { TileCard } from './tile-card.tsx'
import { useDashboard } from './use-dashboard.ts'

// The library that writes YAML comes with it.
const CodeDialog = lazy(async () => ({ default: (await import('./code-dialog.tsx')).CodeDialog }))

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
  // why: menus and dialogs stand beside the page's content, and would not be seen if only that were on the screen.
  const fullscreen = useFullscreenDocument()
  const [isCodeShown, setCodeShown] = useState(false)
  const [moving, setMoving] = useState<TileBody>()
  const isEditing = search.edit === 'yes'
  const toggleEdit = () => onSearch({ edit: isEditing ? undefined : 'yes' })
  useHotkeys([
    ['e', toggleEdit],
    ['f', () => void fullscreen.toggle()],
    ['r', board.refresh],
  ])
  const name = dashboard ? dashboard.name || 'Untitled' : 'Dashboard'
  // why: beside the buttons of a phone's header half a name would be seen; there it has a line of its own.
  const isNarrow = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  const nameField = isEditing && dashboard && <NameField name={dashboard.name} onName={(next) => void board.edit({ name: next })} />
  const answered = tiles.filter(({ id, insight }) => insight === null || query.data?.answers[id]).length
  return (
    <Page
      title={(!isNarrow && nameField) || <Untrusted>{name}</Untrusted>}
      documentTitle={name}
      crumbs={[{ label: 'Dashboards', to: '/project/$projectId/dashboards', params: { projectId: String(useProject().id) } }]}
      actions={
        dashboard && (
          <>
            <Button
              variant={isEditing ? 'light' : 'default'}
              leftSection={<GripIcon size={15} />}
              onClick={toggleEdit}
              className={isEditing ? '' : (classes.wideOnly ?? '')}
            >
              {isEditing ? 'Done' : 'Edit layout'}
            </Button>
            <AddTile
              dashboardId={dashboard.id}
              shownInsights={new Set(tiles.flatMap(({ insight }) => (insight ? [insight.id] : [])))}
              shownReleases={tiles}
              onInsight={board.addInsight}
              onRelease={board.addRelease}
              onText={() => setText({ body: '' })}
            />
            <DashboardMenu dashboard={dashboard} onEdit={toggleEdit} onCode={() => setCodeShown(true)} />
          </>
        )
      }
    >
      <div className={classes.board} data-full={fullscreen.fullscreen}>
        {(dashboard || !query.error) && (
          <DashboardBar
            board={board}
            search={search}
            onSearch={onSearch}
            answered={answered}
            onFullScreen={() => void fullscreen.toggle()}
          />
        )}
        {isNarrow && nameField}
        {dashboard && (
          <Description text={dashboard.description} isEditing={isEditing} onText={(description) => void board.edit({ description })} />
        )}
        {query.error && !query.isFetching && <Failure error={query.error} onRetry={board.refresh} compact={dashboard !== undefined} />}
        {!dashboard && query.isPending && <SkeletonRows rows={6} />}
        {dashboard && tiles.length === 0 && (
          <Empty title="Nothing here yet">“Add” puts saved insights, queries in SQL, feature flags, experiments and texts onto it.</Empty>
        )}
        {dashboard && tiles.length > 0 && (
          <Grid
            places={places}
            isEditing={isEditing}
            onPlaces={(next) => void board.place(next)}
            tile={(place, grip) => {
              const tile = tiles.find(({ id }) => id === place.id)
              if (!tile) return null
              const fresh = query.data?.answers[tile.id]
              const answer = fresh ?? query.data?.earlier[tile.id]
              return (
                <TileCard
                  tile={answer ? { ...tile, insight: answer.insight, last_refresh: answer.last_refresh } : tile}
                  isAnswered={answer !== undefined}
                  isStale={query.isPlaceholderData || fresh === undefined}
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
      {dashboard && isCodeShown && (
        <Suspense>
          <CodeDialog dashboard={dashboard} places={places} onClose={() => setCodeShown(false)} />
        </Suspense>
      )}
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
