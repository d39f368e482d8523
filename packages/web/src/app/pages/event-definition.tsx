import { getRouteApi } from '@tanstack/react-router'
import { EventDefinitionPage } from '../../features/data/event-definition-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/data/events/$definitionId')

export function EventDefinitionRoute() {
  const { definitionId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <EventDefinitionPage
      key={definitionId}
      definitionId={definitionId}
      search={search}
      onSearch={(next) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })}
    />
  )
}
