import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { accountQuery } from '../api-client/account.ts'
import { ApiError, isTransient } from '../api-client/errors.ts'

/**
 * Failures that may pass are tried twice more; refusals are shown at once. When the server no longer knows the session,
 * nobody is signed in, and the frame leads to sign-in and back.
 */
export function createQueryClient(): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof ApiError && error.status === 401) queryClient.setQueryData(accountQuery.queryKey, null)
  }
  const queryClient: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5000,
        retry: (failures, error) => failures < 2 && isTransient(error),
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  })
  return queryClient
}
