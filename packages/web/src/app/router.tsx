import type { QueryClient } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { isPartMissing } from '../api-client/errors.ts'
import { parseSearch, stringifySearch } from '../ui/search-params.ts'
import { Failure } from '../ui/states.tsx'
import { NotFoundAlone } from './not-found.tsx'
import { routeTree } from './routes.tsx'
import { Splash } from './splash.tsx'

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    parseSearch: (text) => parseSearch(text),
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: Splash,
    defaultErrorComponent: ({ error, reset }) => (
      <Failure error={error} onRetry={isPartMissing(error) ? () => window.location.reload() : reset} />
    ),
    defaultNotFoundComponent: NotFoundAlone,
    scrollRestoration: false,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
