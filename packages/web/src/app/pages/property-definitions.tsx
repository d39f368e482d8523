import { getRouteApi } from '@tanstack/react-router'
import { PropertyDefinitionsPage } from '../../features/data/property-definitions-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/data/properties')

export function PropertyDefinitionsRoute() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <PropertyDefinitionsPage
      search={search}
      onSearch={(next) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })}
    />
  )
}
