import { useProject } from '../../api-client/current-project.tsx'
import { DemoOffer } from '../../features/demo/demo-offer.tsx'
import { HomePage } from '../../features/home/home-page.tsx'

export function HomeRoute() {
  const project = useProject()
  return <HomePage>{!project.ingested_event && <DemoOffer within={project.id} />}</HomePage>
}
