import { useQueryClient } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { NewPasswordPage } from '../../features/sign-in/new-password-page.tsx'
import { toast } from '../../ui/toasts.tsx'

export function NewPasswordRoute() {
  // why: what stands behind # is never sent, so that no log of a server or a proxy holds it.
  const { hash } = useLocation()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const goOn = async () => {
    queryClient.clear()
    await navigate({ to: '/sign-in' })
    toast('The password is changed. Sign in with it.')
  }
  return <NewPasswordPage token={hash} onChosen={goOn} />
}
