import { getRouteApi } from '@tanstack/react-router'
import { CohortPage } from '../../features/cohorts/cohort-page.tsx'
import { CohortsPage } from '../../features/cohorts/cohorts-page.tsx'

export { NewCohortPage as NewCohortRoute } from '../../features/cohorts/cohort-page.tsx'

const listRoute = getRouteApi('/signed-in/project/$projectId/cohorts')
const oneRoute = getRouteApi('/signed-in/project/$projectId/cohorts/$cohortId')

export function CohortsRoute() {
  const search = listRoute.useSearch()
  const navigate = listRoute.useNavigate()
  return (
    <CohortsPage search={search} onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })} />
  )
}

export function CohortRoute() {
  const { cohortId } = oneRoute.useParams()
  return <CohortPage key={cohortId} cohortId={cohortId} />
}
