import { getRouteApi } from '@tanstack/react-router'
import { DashboardPage } from '../../features/dashboards/dashboard-page.tsx'
import { DashboardsPage } from '../../features/dashboards/dashboards-page.tsx'

const listRoute = getRouteApi('/signed-in/project/$projectId/dashboards')
const oneRoute = getRouteApi('/signed-in/project/$projectId/dashboards/$dashboardId')

export function DashboardsRoute() {
  const search = listRoute.useSearch()
  const navigate = listRoute.useNavigate()
  return (
    <DashboardsPage
      search={search}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  )
}

export function DashboardRoute() {
  const search = oneRoute.useSearch()
  const { dashboardId } = oneRoute.useParams()
  const navigate = oneRoute.useNavigate()
  return (
    <DashboardPage
      key={dashboardId}
      dashboardId={dashboardId}
      search={search}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  )
}
