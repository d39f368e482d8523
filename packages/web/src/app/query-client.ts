import { QueryClient } from '@tanstack/react-query'
import { isTransient } from '../api-client/errors.ts'

/** Failures that may pass are tried twice more; refusals are shown at once. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5000,
        retry: (failures, error) => failures < 2 && isTransient(error),
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  })
}
