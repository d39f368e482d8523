import { getRouteApi } from '@tanstack/react-router'
import { LivePage } from '../../features/live/live-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/live')

export function LiveRoute() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return <LivePage search={search} onSearch={(next) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })} />
}
