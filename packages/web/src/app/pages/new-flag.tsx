import { NewFlagPage } from '../../features/flags/new-flag-page.tsx'

export function NewFlagRoute() {
  return <NewFlagPage />
}
