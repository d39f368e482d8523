import { getRouteApi } from '@tanstack/react-router'
import { ActionPage } from '../../features/actions/action-page.tsx'
import { ActionsPage } from '../../features/actions/actions-page.tsx'

export { NewActionPage as NewActionRoute } from '../../features/actions/action-page.tsx'

const listRoute = getRouteApi('/signed-in/project/$projectId/actions')
const oneRoute = getRouteApi('/signed-in/project/$projectId/actions/$actionId')

export function ActionsRoute() {
  const search = listRoute.useSearch()
  const navigate = listRoute.useNavigate()
  return (
    <ActionsPage search={search} onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })} />
  )
}

export function ActionRoute() {
  const { actionId } = oneRoute.useParams()
  return <ActionPage key={actionId} actionId={actionId} />
}
