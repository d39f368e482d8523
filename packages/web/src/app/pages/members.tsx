import { getRouteApi } from '@tanstack/react-router'
import { MembersPage } from '../../features/account/members-page.tsx'

const route = getRouteApi('/signed-in')

export function MembersRoute() {
  const { account } = route.useRouteContext()
  return <MembersPage account={account} />
}
