import { getRouteApi } from '@tanstack/react-router'
import { PersonPage } from '../../features/persons/person-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/persons/$personId')

export function PersonRoute() {
  const { personId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <PersonPage
      key={personId}
      personId={personId}
      search={search}
      onSearch={(next) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })}
    />
  )
}
