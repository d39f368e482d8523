import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { SignInPage } from '../../features/sign-in/sign-in-page.tsx'

const route = getRouteApi('/sign-in')

export function SignInRoute() {
  const { next } = route.useSearch()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const goOn = async () => {
    queryClient.clear()
    await navigate({ href: next ?? '/' })
  }
  return <SignInPage onSignedIn={goOn} />
}
