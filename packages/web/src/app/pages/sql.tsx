import { getRouteApi } from '@tanstack/react-router'
import { SqlPage } from '../../features/sql/sql-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/sql')

export function SqlRoute() {
  const search = route.useSearch()
  const { projectId } = route.useParams()
  const navigate = route.useNavigate()
  return <SqlPage key={projectId} search={search} onSearch={(next) => void navigate({ search: next, replace: true })} />
}
