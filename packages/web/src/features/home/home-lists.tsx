import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ComponentType, ReactNode } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { dashboardsQuery } from '../../api-client/dashboards.ts'
import { experimentsQuery } from '../../api-client/experiments.ts'
import { viewedInsightsQuery } from '../../api-client/insights.ts'
import { kindIcons } from '../../charts/insights/kind-icons.ts'
import { readQuery } from '../../query-model/kinds.ts'
import { CodeIcon, DashboardIcon, ExperimentIcon, type IconProps } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Panel } from '../../ui/page.tsx'
import { Loaded, SkeletonRows } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './home.module.css'

const shownRows = 6

interface Row {
  key: string | number
  href: string
  icon: ComponentType<IconProps>
  name: string
  note: ReactNode
}

function Rows({ rows, nothing }: { rows: readonly Row[]; nothing: ReactNode }) {
  if (rows.length === 0) return <p className={classes.nothing}>{nothing}</p>
  return (
    <ul className={classes.rows}>
      {rows.map(({ key, href, icon: RowIcon, name, note }) => (
        <li key={key}>
          <Link to={href}>
            <RowIcon size={17} />
            <span className={classes.rowName}>
              <Untrusted>{name}</Untrusted>
            </span>
            <span className={classes.rowNote}>{note}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** When somebody last opened it, or, where nobody did, when it was changed. */
function Lately({ openedAt, changedAt }: { openedAt: string | null; changedAt: string }) {
  return (
    <span>
      {openedAt === null ? 'changed' : 'opened'} <Instant at={openedAt ?? changedAt} style="relative" />
    </span>
  )
}

const skeleton = <SkeletonRows rows={3} />

/** Dashboards, those that are pinned first. */
export function Dashboards() {
  const project = useProject()
  const query = useQuery(dashboardsQuery(project.id, undefined))
  return (
    <Panel title="Dashboards">
      <Loaded query={query} skeleton={skeleton} compact>
        {({ results }) => (
          <Rows
            nothing="None yet. One shows several answers on one page."
            rows={[...results]
              .sort((one, other) => Number(other.pinned) - Number(one.pinned))
              .slice(0, shownRows)
              .map(({ id, name, last_accessed_at: openedAt, last_modified_at: changedAt }) => ({
                key: id,
                href: `/project/${project.id}/dashboards/${id}`,
                icon: DashboardIcon,
                name: name || 'Untitled',
                note: <Lately openedAt={openedAt} changedAt={changedAt} />,
              }))}
          />
        )}
      </Loaded>
    </Panel>
  )
}

/** Saved insights, those that somebody looked at last first. */
export function RecentInsights() {
  const project = useProject()
  const query = useQuery(viewedInsightsQuery(project.id, shownRows))
  return (
    <Panel title="Insights">
      <Loaded query={query} skeleton={skeleton} compact>
        {(insights) => (
          <Rows
            nothing="None saved yet."
            rows={insights.map(
              ({
                id,
                short_id: shortId,
                name,
                derived_name: words,
                query: asked,
                last_viewed_at: viewedAt,
                last_modified_at: changedAt,
              }) => {
                const kind = readQuery(asked)?.kind
                return {
                  key: id,
                  href: kind ? `/project/${project.id}/insights/${shortId}` : `/project/${project.id}/sql?insight=${shortId}`,
                  icon: kind ? kindIcons[kind] : CodeIcon,
                  name: name || words || 'Untitled',
                  note: <Lately openedAt={viewedAt} changedAt={changedAt} />,
                }
              },
            )}
          />
        )}
      </Loaded>
    </Panel>
  )
}

/** Experiments that run. Without one there is nothing to say. */
export function RunningExperiments() {
  const project = useProject()
  const { data } = useQuery(experimentsQuery(project.id, { status: 'running' }))
  if (!data || data.results.length === 0) return null
  return (
    <Panel title="Running experiments">
      <Rows
        nothing=""
        rows={data.results.slice(0, shownRows).map(({ id, name, start_date: at }) => ({
          key: id,
          href: `/project/${project.id}/experiments/${id}`,
          icon: ExperimentIcon,
          name,
          note: at && (
            <span>
              launched <Instant at={at} style="relative" />
            </span>
          ),
        }))}
      />
    </Panel>
  )
}
