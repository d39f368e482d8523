import { getRouteApi } from '@tanstack/react-router'
import { ConnectPage } from '../../features/connect/connect-page.tsx'
import { DemoOffer } from '../../features/demo/demo-offer.tsx'

const route = getRouteApi('/signed-in/project/$projectId/connect')

export function ConnectRoute() {
  const { projectId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <ConnectPage search={search} onSearch={(next) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })}>
      <DemoOffer within={projectId} />
    </ConnectPage>
  )
}
