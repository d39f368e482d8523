import { getRouteApi } from '@tanstack/react-router'
import { AccountPage } from '../../features/account/account-page.tsx'

const route = getRouteApi('/signed-in')

export function AccountRoute() {
  const { account } = route.useRouteContext()
  return <AccountPage account={account} />
}
