import { getRouteApi } from '@tanstack/react-router'
import { InsightPage } from '../../features/insights/insight-page.tsx'

const newRoute = getRouteApi('/signed-in/project/$projectId/insights/new')
const savedRoute = getRouteApi('/signed-in/project/$projectId/insights/$shortId')

export function NewInsightRoute() {
  const search = newRoute.useSearch()
  const navigate = newRoute.useNavigate()
  return (
    <InsightPage
      search={search}
      onSearch={(change, how) => void navigate({ search: (before) => ({ ...before, ...change }), replace: how?.replace ?? true })}
    />
  )
}

export function SavedInsightRoute() {
  const search = savedRoute.useSearch()
  const { shortId } = savedRoute.useParams()
  const navigate = savedRoute.useNavigate()
  return (
    <InsightPage
      key={shortId}
      shortId={shortId}
      search={search}
      onSearch={(change, how) => void navigate({ search: (before) => ({ ...before, ...change }), replace: how?.replace ?? true })}
    />
  )
}
