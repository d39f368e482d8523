import { CalculatorsPage } from '../../features/experiments/calculators-page.tsx'

export function CalculatorsRoute() {
  return <CalculatorsPage />
}
