import { ApiKeysPage } from '../../features/account/api-keys-page.tsx'

export function ApiKeysRoute() {
  return <ApiKeysPage />
}
