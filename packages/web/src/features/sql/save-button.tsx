import { Button, Modal, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { addTile, dashboardKey } from '../../api-client/dashboards.ts'
import { describeError } from '../../api-client/errors.ts'
import { changeInsight, createInsight, insightQuery } from '../../api-client/insights.ts'
import { rawOf } from '../../query-model/reading.ts'
import { toast } from '../../ui/toasts.tsx'
import { insightNode, readSqlInsight } from './sql-node.ts'
import { isUnsaved, type SqlTab, tabName } from './sql-tabs.ts'

interface SaveButtonProps {
  tab: SqlTab
  /** The dashboard that a new query is made for. */
  onto: string | undefined
  node: () => object
  onTab: (change: Partial<SqlTab>) => void
}

/** Keeps the query under a name: an insight that stands in lists and on dashboards. */
export function SaveButton({ tab, onto, node, onTab }: SaveButtonProps) {
  const project = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)
  const list = ['project', project.id, 'insights']
  const body = () => ({ query: insightNode(node(), tab.view === 'chart' ? 'chart' : 'rows', tab.chart) })
  const doing = async (work: () => Promise<unknown>) => {
    setIsBusy(true)
    try {
      await work()
      await queryClient.invalidateQueries({ queryKey: list })
    } catch (error) {
      toast(`Not saved: ${describeError(error).cause}`, 'failed')
    } finally {
      setIsBusy(false)
    }
  }
  const create = () =>
    doing(async () => {
      const made = await createInsight(project.id, { name: name?.trim() || tabName(tab), ...body() })
      onTab({ name: made.name, saved: { id: made.id, shortId: made.short_id, text: tab.text } })
      setName(undefined)
      if (onto === undefined)
        return toast('Saved. It can be put on dashboards.', 'done', async () => {
          await changeInsight(project.id, made.id, { deleted: true })
          onTab({ name: '', saved: undefined })
          await queryClient.invalidateQueries({ queryKey: list })
        })
      await addTile(project.id, Number(onto), { insight: made.id })
      await queryClient.invalidateQueries({ queryKey: dashboardKey(project.id, onto) })
      await navigate({ to: '/project/$projectId/dashboards/$dashboardId', params: { projectId: project.id, dashboardId: onto } })
      toast('Saved, and put on this dashboard.')
    })
  const change = () =>
    doing(async () => {
      if (!tab.saved) return
      const { saved } = tab
      // why: somebody else may have changed it since it was opened here, and that is what undo gives back.
      const before = await queryClient.fetchQuery({ ...insightQuery(project.id, saved.shortId), staleTime: 0 })
      const store = async (query: Record<string, unknown> & { kind: string }, text: string) => {
        const kept = await changeInsight(project.id, saved.id, { query })
        queryClient.setQueryData(insightQuery(project.id, saved.shortId).queryKey, kept)
        onTab({ saved: { ...saved, text } })
      }
      await store(body().query, tab.text)
      const read = before && readSqlInsight(before.query)
      toast('Changes saved.', 'done', read ? () => store(rawOf(before.query) as { kind: string }, read.text) : undefined)
    })
  return (
    <>
      <Button
        loading={isBusy}
        disabled={tab.text.trim() === ''}
        onClick={() => (tab.saved ? void change() : setName(tab.name || ''))}
        variant={tab.saved && !isUnsaved(tab) ? 'default' : 'filled'}
      >
        {onto !== undefined && !tab.saved ? 'Save onto the dashboard' : 'Save'}
      </Button>
      <Modal opened={name !== undefined} onClose={() => setName(undefined)} title="Save the query" size="sm">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void create()
          }}
        >
          <TextInput
            label="Name"
            placeholder={tabName(tab)}
            value={name ?? ''}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Button type="submit" mt="md" fullWidth loading={isBusy}>
            Save
          </Button>
        </form>
      </Modal>
    </>
  )
}
