import type { FlagBody, FlagChange } from '@hedgerow/protocol'
import { ActionIcon, Menu, Switch, Tabs } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { changeFlag, flagQuery } from '../../api-client/flags.ts'
import { copyText } from '../../ui/copy-text.ts'
import { DotsIcon } from '../../ui/icons.tsx'
import { Page } from '../../ui/page.tsx'
import { Loaded, SkeletonRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { ExplainPanel } from './explain-panel.tsx'
import { FlagEditor } from './flag-editor.tsx'
import classes from './flags.module.css'
import { type FlagSearch, flagTabs } from './flags-search.ts'
import { HistoryPanel } from './history-panel.tsx'
import { Overview } from './overview-panels.tsx'
import { ProjectsPanel } from './projects-panel.tsx'
import { SchedulePanel } from './schedule-panel.tsx'
import { StateBadge } from './state-badge.tsx'
import { useFlagSwitch } from './use-flag-switch.ts'

interface FlagPageProps {
  flagId: string
  search: FlagSearch
  onSearch: (change: FlagSearch) => void
}

export function FlagPage({ flagId, search, onSearch }: FlagPageProps) {
  const project = useProject()
  const query = useQuery(flagQuery(project.id, flagId))
  const flag = query.data
  return (
    <Page
      title={flag ? <Untrusted>{flag.key}</Untrusted> : 'Feature flag'}
      documentTitle={flag?.key ?? 'Feature flag'}
      crumbs={[{ label: 'Feature flags', to: '/project/$projectId/flags', params: { projectId: String(project.id) } }]}
      actions={flag && <FlagActions flag={flag} projectId={project.id} />}
    >
      <Loaded query={query} skeleton={<SkeletonRows rows={14} />}>
        {(loaded) => <FlagTabs flag={loaded} projectId={project.id} search={search} onSearch={onSearch} />}
      </Loaded>
    </Page>
  )
}

type FlagTabsProps = Omit<FlagPageProps, 'flagId'> & { flag: FlagBody; projectId: number }

function FlagTabs({ flag, projectId, search, onSearch }: FlagTabsProps) {
  const tab = search.tab ?? 'overview'
  const bar = useRef<HTMLDivElement>(null)
  // why: on a phone not all tabs fit, and the one that is open may be out of sight.
  useEffect(() => {
    // tricky: in newer browsers scrolling answers a promise, which an effect must not return.
    bar.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [])
  return (
    <div className={classes.stack}>
      {flag.name !== '' && (
        <p className={classes.soft}>
          <Untrusted lines="many">{flag.name}</Untrusted>
        </p>
      )}
      <Tabs value={tab} onChange={(value) => onSearch({ tab: flagTabs.find((each) => each === value) })} keepMounted={false}>
        <div className={classes.scroll} ref={bar}>
          <Tabs.List className={classes.tabs ?? ''}>
            <Tabs.Tab value="overview">Overview</Tabs.Tab>
            <Tabs.Tab value="edit">Edit</Tabs.Tab>
            <Tabs.Tab value="explain">Explain</Tabs.Tab>
            <Tabs.Tab value="history">History</Tabs.Tab>
            <Tabs.Tab value="schedule">Schedule</Tabs.Tab>
            <Tabs.Tab value="projects">Projects</Tabs.Tab>
          </Tabs.List>
        </div>
        <Tabs.Panel value="overview" pt="md">
          <Overview flag={flag} />
        </Tabs.Panel>
        <Tabs.Panel value="edit" pt="md">
          <FlagEditor
            key={flag.version}
            flag={flag}
            onSaved={(saved) => {
              toast(`${saved.key} was changed`)
              onSearch({ tab: undefined })
            }}
          />
        </Tabs.Panel>
        <Tabs.Panel value="explain" pt="md">
          <ExplainPanel projectId={projectId} flagKey={flag.key} search={search} onSearch={onSearch} />
        </Tabs.Panel>
        <Tabs.Panel value="history" pt="md">
          <HistoryPanel projectId={projectId} flag={flag} />
        </Tabs.Panel>
        <Tabs.Panel value="schedule" pt="md">
          <SchedulePanel projectId={projectId} flag={flag} />
        </Tabs.Panel>
        <Tabs.Panel value="projects" pt="md">
          <ProjectsPanel projectId={projectId} flag={flag} />
        </Tabs.Panel>
      </Tabs>
    </div>
  )
}

function FlagActions({ flag, projectId }: { flag: FlagBody; projectId: number }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { toggle, busyId } = useFlagSwitch(projectId)
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['project', projectId, 'flags'] }),
      client.invalidateQueries({ queryKey: ['project', projectId, 'flag', String(flag.id)] }),
    ])
  const act = async (change: FlagChange, back: FlagChange, done: string) => {
    try {
      await changeFlag(projectId, flag.id, change)
      if (change.deleted) await navigate({ to: `/project/${projectId}/flags` })
      await refresh()
      toast(done, 'done', async () => {
        await changeFlag(projectId, flag.id, back)
        await refresh()
      })
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), 'failed')
    }
  }
  return (
    <>
      <StateBadge flag={flag} />
      <Switch
        aria-label={`${flag.key} enabled`}
        checked={flag.active}
        disabled={busyId !== undefined || !flag.can_edit || flag.archived}
        onChange={() => void toggle(flag)}
      />
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label="More">
            <DotsIcon size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void copyText(flag.key).then((isCopied) => isCopied && toast('The key is copied'))}>
            Copy the key
          </Menu.Item>
          <Menu.Item
            onClick={() =>
              void act({ archived: !flag.archived }, { archived: flag.archived }, flag.archived ? 'Back from the archive' : 'Archived')
            }
          >
            {flag.archived ? 'Bring back from the archive' : 'Archive'}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="var(--berry-ink)" onClick={() => void act({ deleted: true }, { deleted: false }, 'Deleted')}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
