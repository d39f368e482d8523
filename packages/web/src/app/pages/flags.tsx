import { getRouteApi } from '@tanstack/react-router'
import { FlagsPage } from '../../features/flags/flags-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/flags')

export function FlagsRoute() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return <FlagsPage search={search} onSearch={(next) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })} />
}
