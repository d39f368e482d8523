import { getRouteApi } from '@tanstack/react-router'
import { PersonsPage } from '../../features/persons/persons-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/persons')

export function PersonsRoute() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return <PersonsPage search={search} onSearch={(next) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })} />
}
