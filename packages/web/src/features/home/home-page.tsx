import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { dashboardsQuery } from '../../api-client/dashboards.ts'
import { viewedInsightsQuery } from '../../api-client/insights.ts'
import { CheckIcon, PlusIcon } from '../../ui/icons.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import { Course, Figures } from './figures.tsx'
import classes from './home.module.css'
import { Dashboards, RecentInsights, RunningExperiments } from './home-lists.tsx'
import { type FirstStep, firstSteps } from './questions.ts'

/** Where the day begins: how it goes, and where one was. `children`: what else a new project is offered. */
export function HomePage({ children }: { children?: ReactNode }) {
  const project = useProject()
  const hasEvents = project.ingested_event
  return (
    <Page
      title="Home"
      documentTitle={`Home, ${project.name}`}
      actions={
        hasEvents && (
          <Button leftSection={<PlusIcon size={16} />} component={Link} to={`/project/${project.id}/insights/new?kind=trends`}>
            New insight
          </Button>
        )
      }
    >
      <FirstSteps />
      {hasEvents ? (
        <>
          <Figures />
          <Course />
          <div className={classes.lists}>
            <Dashboards />
            <RecentInsights />
            <RunningExperiments />
          </div>
        </>
      ) : (
        children
      )}
    </Page>
  )
}

/** What a new project has before it; gone once all of it is done. */
function FirstSteps() {
  const project = useProject()
  const insights = useQuery(viewedInsightsQuery(project.id, 6))
  const dashboards = useQuery(dashboardsQuery(project.id, undefined))
  if (!insights.data || !dashboards.data) return null
  const steps = firstSteps({ hasEvents: project.ingested_event, insights: insights.data.length, dashboards: dashboards.data.count })
  if (steps.every(({ isDone }) => isDone)) return null
  const next = steps.find(({ isDone }) => !isDone)
  return (
    <Panel title="First steps">
      <ol className={classes.steps}>
        {steps.map((step, index) => (
          <Step key={step.to} step={step} place={index + 1} isNext={step === next} />
        ))}
      </ol>
    </Panel>
  )
}

function Step({ step, place, isNext }: { step: FirstStep; place: number; isNext: boolean }) {
  const project = useProject()
  const { label, about, to, isDone } = step
  return (
    <li className={classes.step} data-done={isDone}>
      <span className={classes.stepSign} aria-hidden="true">
        {isDone ? <CheckIcon size={15} /> : place}
      </span>
      <span className={classes.stepWords}>
        <strong>
          {label}
          {isDone && <span className={classes.hidden}>, done</span>}
        </strong>
        <span>{about}</span>
      </span>
      {!isDone && (
        <Button
          size="xs"
          variant={isNext ? 'filled' : 'default'}
          component={Link}
          to={`/project/${project.id}/${to}`}
          aria-label={`${isNext ? 'Begin' : 'Open'}: ${label}`}
        >
          {isNext ? 'Begin' : 'Open'}
        </Button>
      )}
    </li>
  )
}
