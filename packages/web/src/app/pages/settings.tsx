import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { SettingsPage } from '../../features/settings/settings-page.tsx'

export function SettingsRoute() {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const leave = async () => {
    queryClient.clear()
    await navigate({ to: '/' })
  }
  return <SettingsPage onDeleted={leave} />
}
