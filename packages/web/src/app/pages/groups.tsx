import { getRouteApi } from '@tanstack/react-router'
import { GroupPage } from '../../features/groups/group-page.tsx'
import { GroupsPage } from '../../features/groups/groups-page.tsx'

const listRoute = getRouteApi('/signed-in/project/$projectId/groups')
const oneRoute = getRouteApi('/signed-in/project/$projectId/groups/$typeIndex/$groupKey')

export function GroupsRoute() {
  const search = listRoute.useSearch()
  const navigate = listRoute.useNavigate()
  return (
    <GroupsPage search={search} onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })} />
  )
}

export function GroupRoute() {
  const { typeIndex, groupKey } = oneRoute.useParams()
  const search = oneRoute.useSearch()
  const navigate = oneRoute.useNavigate()
  return (
    <GroupPage
      key={`${typeIndex} ${groupKey}`}
      typeIndex={/^[0-4]$/.test(typeIndex) ? Number(typeIndex) : 0}
      groupKey={groupKey}
      search={search}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  )
}
