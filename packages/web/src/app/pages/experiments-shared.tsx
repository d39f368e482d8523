import { SharedPage } from '../../features/experiments/shared-page.tsx'

export function ExperimentsSharedRoute() {
  return <SharedPage />
}
