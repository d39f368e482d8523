import { getRouteApi } from '@tanstack/react-router'
import { IngestionPage } from '../../features/ingestion/ingestion-page.tsx'

const route = getRouteApi('/signed-in/project/$projectId/ingestion')

export function IngestionRoute() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <IngestionPage search={search} onSearch={(next) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })} />
  )
}
