import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { EChartsType } from 'echarts/core'
import { lazy, Suspense, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { addTile, dashboardKey } from '../../api-client/dashboards.ts'
import { describeError } from '../../api-client/errors.ts'
import { changeInsight, createInsight, insightQuery } from '../../api-client/insights.ts'
import type { InsightAnswer } from '../../api-client/queries.ts'
import type { InsightQuery } from '../../query-model/nodes.ts'
import { queryText } from '../../query-model/query-url.ts'
import { compact } from '../../query-model/reading.ts'
import { CodeIcon, DashboardIcon, DotsIcon, DuplicateIcon, PencilIcon, RetryIcon, StarIcon, TrashIcon } from '../../ui/icons.tsx'
import { toast } from '../../ui/toasts.tsx'
import { ExportItems } from './export-items.tsx'
import { isChanged, type SavedInsight } from './saved-insight.ts'

const DetailsDialog = lazy(async () => ({ default: (await import('./details-dialog.tsx')).DetailsDialog }))
const AddToDashboard = lazy(async () => ({ default: (await import('./add-to-dashboard.tsx')).AddToDashboard }))

interface InsightActionsProps {
  saved: SavedInsight | undefined
  query: InsightQuery
  name: string | undefined
  words: string
  answer: { query: InsightQuery; answer: InsightAnswer } | undefined
  chart: EChartsType | undefined
  drawing: () => HTMLElement | null
  /** The dashboard that a new insight is made for. */
  onto: string | undefined
  onReset: () => void
}

/** What can be done with an insight: save, keep as another, export, open as SQL, delete. */
export function InsightActions({ saved, query, name, words, answer, chart, drawing, onto, onReset }: InsightActionsProps) {
  const project = useProject()
  const navigate = useNavigate()
  const [isAdding, setIsAdding] = useState(false)
  const [hasDetails, setHasDetails] = useState(false)
  const { save, saveAsNew, savedId, describe, favour, remove, isBusy } = useInsightChanges({ saved, query, name, words, onto, onReset })
  const hasChanged = saved !== undefined && isChanged(saved, query)
  const canSave = saved === undefined || hasChanged
  useHotkeys([['mod+S', () => canSave && void save()]], [])
  return (
    <>
      {saved && (
        <Tooltip label={saved.body.favorited ? 'No longer a favourite' : 'Make it a favourite'}>
          <ActionIcon
            variant="subtle"
            color={saved.body.favorited ? 'yellow' : 'gray'}
            size={34}
            aria-label="Favourite"
            aria-pressed={saved.body.favorited}
            onClick={() => void favour(!saved.body.favorited)}
          >
            <StarIcon size={18} filled={saved.body.favorited} />
          </ActionIcon>
        </Tooltip>
      )}
      {hasChanged && (
        <Button variant="subtle" color="gray" onClick={onReset} visibleFrom="sm">
          Discard
        </Button>
      )}
      <Button onClick={() => void save()} loading={isBusy} disabled={!canSave}>
        {saved ? (hasChanged ? 'Save changes' : 'Saved') : onto ? 'Save onto the dashboard' : 'Save'}
      </Button>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More to do with this insight">
            <DotsIcon size={18} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {saved && (
            <Menu.Item leftSection={<DuplicateIcon size={16} />} onClick={() => void saveAsNew()}>
              {hasChanged ? 'Save as another insight' : 'Duplicate'}
            </Menu.Item>
          )}
          {hasChanged && (
            <Menu.Item leftSection={<RetryIcon size={16} />} onClick={onReset} hiddenFrom="sm">
              Discard the changes
            </Menu.Item>
          )}
          {saved && (
            <Menu.Item leftSection={<PencilIcon size={16} />} onClick={() => setHasDetails(true)}>
              Description and tags
            </Menu.Item>
          )}
          <Menu.Item leftSection={<DashboardIcon size={16} />} onClick={() => setIsAdding(true)}>
            Put on a dashboard
          </Menu.Item>
          <Menu.Item
            leftSection={<CodeIcon size={16} />}
            disabled={answer === undefined}
            onClick={() =>
              void navigate({ href: `/project/${project.id}/sql?${new URLSearchParams({ query: answer?.answer.hogql ?? '' })}` })
            }
          >
            Open as SQL
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>Export</Menu.Label>
          <ExportItems name={saved?.body.name || name || words} answer={answer} chart={chart} drawing={drawing} />
          {saved && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<TrashIcon size={16} />} color="var(--berry-ink)" onClick={() => void remove()}>
                Delete
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {hasDetails && saved && (
        <Suspense>
          <DetailsDialog
            insight={saved.body}
            onClose={() => setHasDetails(false)}
            onSave={async (details) => {
              await describe(details)
              setHasDetails(false)
            }}
          />
        </Suspense>
      )}
      {isAdding && (
        <Suspense>
          <AddToDashboard opened onClose={() => setIsAdding(false)} insightId={savedId} />
        </Suspense>
      )}
    </>
  )
}

type ChangesOf = Pick<InsightActionsProps, 'saved' | 'query' | 'name' | 'words' | 'onto' | 'onReset'>

function useInsightChanges({ saved, query, name, words, onto, onReset }: ChangesOf) {
  const project = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [isBusy, setIsBusy] = useState(false)
  const list = ['project', project.id, 'insights']
  const page = (shortId: string) => ({ to: '/project/$projectId/insights/$shortId' as const, params: { projectId: project.id, shortId } })
  const doing = async (failed: string, work: () => Promise<void>) => {
    setIsBusy(true)
    try {
      await work()
      await queryClient.invalidateQueries({ queryKey: list })
    } catch (error) {
      toast(`${failed}: ${describeError(error).cause}`, 'failed')
    } finally {
      setIsBusy(false)
    }
  }
  const store = async (id: number, shortId: string, change: Parameters<typeof changeInsight>[2]) => {
    const body = await changeInsight(project.id, id, change)
    queryClient.setQueryData(insightQuery(project.id, shortId).queryKey, body)
  }
  const asNode = (of: InsightQuery) => compact(of) as unknown as { kind: string } & Record<string, unknown>
  const create = async (title: string) => {
    const body = await createInsight(project.id, { name: title, derived_name: words, query: asNode(query) })
    queryClient.setQueryData(insightQuery(project.id, body.short_id).queryKey, body)
    await navigate(page(body.short_id))
    return body.id
  }
  const createOnto = async (dashboardId: string) => {
    const body = await createInsight(project.id, { name: name ?? words, derived_name: words, query: asNode(query) })
    await addTile(project.id, Number(dashboardId), { insight: body.id })
    await queryClient.invalidateQueries({ queryKey: dashboardKey(project.id, dashboardId) })
    await navigate({ to: '/project/$projectId/dashboards/$dashboardId', params: { projectId: project.id, dashboardId } })
    toast('Saved, and put on this dashboard.')
  }
  return {
    isBusy,
    save: () =>
      doing('Not saved', async () => {
        if (!saved) {
          if (onto !== undefined) return createOnto(onto)
          await create(name ?? words)
          toast('Saved.')
          return
        }
        const { id, short_id: shortId } = saved.body
        const before = saved.query
        await store(id, shortId, { query: asNode(query), derived_name: words })
        onReset()
        toast('Changes saved.', 'done', () => store(id, shortId, { query: asNode(before) }))
      }),
    saveAsNew: () =>
      doing('Not saved', async () => {
        await create(`${saved?.body.name || words} (copy)`)
        toast('Saved.')
      }),
    /** Saves what is not saved yet. */
    savedId: async (): Promise<number | undefined> => {
      let id = saved?.body.id
      if (id === undefined)
        await doing('Not saved', async () => {
          id = await create(name ?? words)
        })
      return id
    },
    describe: (details: { description: string; tags: string[] }) =>
      doing('Not changed', () => store(saved?.body.id ?? 0, saved?.body.short_id ?? '', details)),
    favour: (favorited: boolean) => doing('Not changed', () => store(saved?.body.id ?? 0, saved?.body.short_id ?? '', { favorited })),
    remove: () =>
      doing('Not deleted', async () => {
        if (!saved) return
        const { id, short_id: shortId } = saved.body
        await changeInsight(project.id, id, { deleted: true })
        await navigate({ to: '/project/$projectId/insights', params: { projectId: project.id } })
        toast('Insight deleted.', 'done', async () => {
          await changeInsight(project.id, id, { deleted: false })
          await queryClient.invalidateQueries({ queryKey: list })
          await navigate({ ...page(shortId), search: { q: queryText(query) } })
        })
      }),
  }
}
