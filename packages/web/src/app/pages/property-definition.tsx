import { getRouteApi } from '@tanstack/react-router'
import { PropertyDefinitionPage } from '../../features/data/property-definition-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/data/properties/$definitionId')

export function PropertyDefinitionRoute() {
  const { definitionId } = route.useParams()
  return <PropertyDefinitionPage key={definitionId} definitionId={definitionId} />
}
