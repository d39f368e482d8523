import { KeysPage } from '../../features/settings/keys-page.tsx'

export function KeysRoute() {
  return <KeysPage />
}
