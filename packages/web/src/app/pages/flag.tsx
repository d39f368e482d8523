import { getRouteApi } from '@tanstack/react-router'
import { FlagPage } from '../../features/flags/flag-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/flags/$flagId')

export function FlagRoute() {
  const { flagId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <FlagPage
      key={flagId}
      flagId={flagId}
      search={search}
      onSearch={(next) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })}
    />
  )
}
