import { NewExperimentPage } from '../../features/experiments/new-experiment-page.tsx'

export function NewExperimentRoute() {
  return <NewExperimentPage />
}
