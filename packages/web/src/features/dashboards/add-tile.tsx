import type { TileBody } from '@hedgerow/protocol'
import { Button, Menu, Modal, Textarea } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { insightsQuery } from '../../api-client/insights.ts'
import { kinds, readQuery } from '../../query-model/kinds.ts'
import { CodeIcon, ExperimentIcon, FlagIcon, InsightIcon, NoteIcon, PlusIcon } from '../../ui/icons.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { ExperimentList, FlagList } from './add-release.tsx'
import classes from './dashboards.module.css'

interface AddTileProps {
  dashboardId: number
  shownInsights: ReadonlySet<number>
  /** Tiles that are there: what they show is not offered again. */
  shownReleases: readonly TileBody[]
  onInsight: (id: number) => Promise<unknown>
  onRelease: (shown: { feature_flag: number } | { experiment: number }) => Promise<unknown>
  onText: () => void
}

/** Puts something more onto the dashboard. */
export function AddTile({ dashboardId, shownInsights, shownReleases, onInsight, onRelease, onText }: AddTileProps) {
  const project = useProject()
  const navigate = useNavigate()
  const [choosing, setChoosing] = useState<'insight' | 'flag' | 'experiment'>()
  return (
    <>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <Button leftSection={<PlusIcon size={16} />}>Add</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<InsightIcon size={16} />} onClick={() => setChoosing('insight')}>
            Saved insight or query
          </Menu.Item>
          <Menu.Item leftSection={<FlagIcon size={16} />} onClick={() => setChoosing('flag')}>
            Feature flag
          </Menu.Item>
          <Menu.Item leftSection={<ExperimentIcon size={16} />} onClick={() => setChoosing('experiment')}>
            Experiment
          </Menu.Item>
          <Menu.Item leftSection={<NoteIcon size={16} />} onClick={onText}>
            Text
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<PlusIcon size={16} />}
            onClick={() =>
              void navigate({
                to: '/project/$projectId/insights/new',
                params: { projectId: project.id },
                search: { onto: String(dashboardId) },
              })
            }
          >
            New insight
          </Menu.Item>
          <Menu.Item
            leftSection={<CodeIcon size={16} />}
            onClick={() =>
              void navigate({ to: '/project/$projectId/sql', params: { projectId: project.id }, search: { onto: String(dashboardId) } })
            }
          >
            New query in SQL
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={choosing !== undefined}
        onClose={() => setChoosing(undefined)}
        title={choosing === 'flag' ? 'Add a feature flag' : choosing === 'experiment' ? 'Add an experiment' : 'Add a saved insight'}
        size="lg"
      >
        {choosing === 'insight' && <InsightList shownInsights={shownInsights} onInsight={onInsight} />}
        {choosing === 'flag' && <FlagList tiles={shownReleases} onRelease={onRelease} />}
        {choosing === 'experiment' && <ExperimentList tiles={shownReleases} onRelease={onRelease} />}
      </Modal>
    </>
  )
}

function InsightList({ shownInsights, onInsight }: Pick<AddTileProps, 'shownInsights' | 'onInsight'>) {
  const project = useProject()
  const [search, setSearch] = useState<string>()
  const [busyId, setBusyId] = useState<number>()
  const query = useInfiniteQuery({ ...insightsQuery(project.id, { search }), placeholderData: (before) => before })
  const add = async (id: number) => {
    setBusyId(id)
    await onInsight(id)
    setBusyId(undefined)
  }
  return (
    <>
      <SearchField value={search} onChange={setSearch} placeholder="Name, description or tag" label="Search insights" />
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages.flatMap(({ results }) => results)
          if (rows.length === 0) return <Empty title={search ? 'No insight matches' : 'No insights yet'} />
          return (
            <ul className={classes.choices}>
              {rows.map((insight) => (
                <li key={insight.id}>
                  <span className={classes.choiceWords}>
                    <Untrusted>{insight.name || insight.derived_name || 'Untitled'}</Untrusted>
                    <span className={classes.faint}>
                      {kinds.find(({ kind }) => kind === readQuery(insight.query)?.kind)?.label ?? 'SQL'}
                    </span>
                  </span>
                  <Button
                    size="compact-sm"
                    variant="default"
                    disabled={shownInsights.has(insight.id)}
                    loading={busyId === insight.id}
                    onClick={() => void add(insight.id)}
                  >
                    {shownInsights.has(insight.id) ? 'Added' : 'Add'}
                  </Button>
                </li>
              ))}
              {query.hasNextPage && (
                <Button variant="subtle" onClick={() => void query.fetchNextPage()}>
                  More
                </Button>
              )}
            </ul>
          )
        }}
      </Loaded>
    </>
  )
}

interface TextDialogProps {
  /** Undefined while it is closed. */
  text: string | undefined
  onClose: () => void
  onSave: (text: string) => Promise<unknown>
}

/** Writes the text of a tile. */
export function TextDialog({ text, onClose, onSave }: TextDialogProps) {
  return (
    <Modal opened={text !== undefined} onClose={onClose} title="Text" size="lg">
      {text !== undefined && <TextForm text={text} onSave={onSave} />}
    </Modal>
  )
}

function TextForm({ text, onSave }: { text: string } & Pick<TextDialogProps, 'onSave'>) {
  const [body, setBody] = useState(text)
  const [isBusy, setIsBusy] = useState(false)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        setIsBusy(true)
        void onSave(body).finally(() => setIsBusy(false))
      }}
    >
      <Textarea
        label="Text"
        description="# makes a heading, - a list"
        autosize
        minRows={5}
        maxRows={16}
        maxLength={4000}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        data-autofocus
      />
      <Button type="submit" mt="md" loading={isBusy} disabled={body.trim() === ''}>
        Keep
      </Button>
    </form>
  )
}
