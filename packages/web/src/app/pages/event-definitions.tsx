import { getRouteApi } from '@tanstack/react-router'
import { EventDefinitionsPage } from '../../features/data/event-definitions-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/data/events')

export function EventDefinitionsRoute() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <EventDefinitionsPage
      search={search}
      onSearch={(next) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })}
    />
  )
}
