import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { FirstRunPage } from '../../features/sign-in/first-run-page.tsx'

export function FirstRunRoute() {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const goOn = async () => {
    queryClient.clear()
    await navigate({ to: '/' })
  }
  return <FirstRunPage onDone={goOn} />
}
