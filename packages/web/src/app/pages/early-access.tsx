import { getRouteApi } from '@tanstack/react-router'
import { FeaturePage } from '../../features/early-access/feature-page.tsx'

export { FeaturesPage as EarlyAccessRoute } from '../../features/early-access/features-page.tsx'
export { NewFeaturePage as NewEarlyAccessRoute } from '../../features/early-access/new-feature-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/early-access/$featureId')

export function EarlyAccessFeatureRoute() {
  const { featureId } = route.useParams()
  return <FeaturePage key={featureId} featureId={featureId} />
}
