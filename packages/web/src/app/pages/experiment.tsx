import { getRouteApi } from '@tanstack/react-router'
import { ExperimentPage } from '../../features/experiments/experiment-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/experiments/$experimentId')

export function ExperimentRoute() {
  const { experimentId } = route.useParams()
  return <ExperimentPage key={experimentId} experimentId={experimentId} />
}
