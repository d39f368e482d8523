import { getRouteApi } from '@tanstack/react-router'
import { ExplainFlagsPage } from '../../features/flags/explain-flags-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/flags/explain')

export function ExplainFlagsRoute() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <ExplainFlagsPage search={search} onSearch={(next) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })} />
  )
}
