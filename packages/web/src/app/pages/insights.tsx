import { getRouteApi } from '@tanstack/react-router'
import { InsightsPage } from '../../features/insights/insights-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/insights')

export function InsightsRoute() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <InsightsPage search={search} onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })} />
  )
}
