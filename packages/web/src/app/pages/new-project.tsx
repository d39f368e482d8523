import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { DemoOffer } from '../../features/demo/demo-offer.tsx'
import { NewProjectPage } from '../../features/projects/new-project-page.tsx'

export function NewProjectRoute() {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const goOn = async (projectId: number) => {
    await queryClient.invalidateQueries({ queryKey: ['account'] })
    await navigate({ to: '/project/$projectId/connect', params: { projectId } })
  }
  return (
    <NewProjectPage onCreated={goOn}>
      <DemoOffer />
    </NewProjectPage>
  )
}
