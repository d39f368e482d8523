import { getRouteApi } from '@tanstack/react-router'
import { ExperimentsPage } from '../../features/experiments/experiments-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/experiments')

export function ExperimentsRoute() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <ExperimentsPage search={search} onSearch={(next) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })} />
  )
}
