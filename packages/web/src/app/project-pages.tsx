import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, Outlet } from '@tanstack/react-router'
import { useEffect } from 'react'
import { CurrentProject } from '../api-client/current-project.tsx'
import { projectQuery } from '../api-client/projects.ts'
import { ZoneProvider } from '../ui/zone.tsx'
import { LagBanner } from './frame/lag-banner.tsx'
import { rememberProject } from './last-project.ts'

const route = getRouteApi('/signed-in/project/$projectId')

export function ProjectPages() {
  const { projectId } = route.useParams()
  const { data: project } = useSuspenseQuery(projectQuery(projectId))
  useEffect(() => rememberProject(projectId), [projectId])
  return (
    <CurrentProject project={project}>
      <ZoneProvider zone={project.timezone}>
        <LagBanner projectId={projectId} />
        <Outlet key={projectId} />
      </ZoneProvider>
    </CurrentProject>
  )
}
