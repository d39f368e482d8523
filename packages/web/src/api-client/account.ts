import type { PersonalApiKeyBody, PreflightBody, Scope, SetUp, UserBody } from '@hedgerow/protocol'
import { queryOptions } from '@tanstack/react-query'
import { ApiError } from './errors.ts'
import { request } from './http.ts'

export const preflightQuery = queryOptions({
  queryKey: ['preflight'],
  queryFn: ({ signal }) => request<PreflightBody>('/_preflight/', { signal }),
  staleTime: 60_000,
})

/** Who is signed in; null when nobody is. */
export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: async ({ signal }): Promise<UserBody | null> => {
    try {
      return await request<UserBody>('/api/users/@me/', { signal })
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }
  },
  staleTime: 30_000,
})

export const signIn = (email: string, password: string) =>
  request<unknown>('/api/auth/sign-in/email', { method: 'POST', body: { email, password, rememberMe: true } })

export const signOut = () => request<unknown>('/api/auth/sign-out', { method: 'POST', body: {} })

/** Makes the first account and project, and signs in. */
export const setUp = (body: SetUp) => request<unknown>('/api/setup/', { method: 'POST', body })

export const changeName = (name: string) => request<UserBody>('/api/users/@me/', { method: 'PATCH', body: { name } })

export const changePassword = (currentPassword: string, newPassword: string) =>
  request<unknown>('/api/auth/change-password', { method: 'POST', body: { currentPassword, newPassword, revokeOtherSessions: true } })

/** With the token of a link that an owner or admin made. */
export const choosePassword = (token: string, newPassword: string) =>
  request<unknown>('/api/auth/reset-password', { method: 'POST', body: { token, newPassword } })

/** A place where this account is signed in, as the sign-in library tells it. */
export interface SessionBody {
  id: string
  token: string
  createdAt: string
  updatedAt: string
  expiresAt: string
  ipAddress?: string | null
  userAgent?: string | null
}

export const sessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: async ({ signal }) => {
    const [sessions, current] = await Promise.all([
      request<SessionBody[]>('/api/auth/list-sessions', { signal }),
      request<{ session: SessionBody } | null>('/api/auth/get-session', { signal }),
    ])
    const currentId = current?.session.id
    return sessions
      .map((session) => ({ ...session, isCurrent: session.id === currentId }))
      .sort((one, other) => Number(other.isCurrent) - Number(one.isCurrent) || other.updatedAt.localeCompare(one.updatedAt))
  },
})

export const revokeSession = (token: string) => request<unknown>('/api/auth/revoke-session', { method: 'POST', body: { token } })

export const revokeOtherSessions = () => request<unknown>('/api/auth/revoke-other-sessions', { method: 'POST', body: {} })

export const apiKeysQuery = queryOptions({
  queryKey: ['account', 'api-keys'],
  queryFn: async ({ signal }) => {
    const answer = await request<PersonalApiKeyBody[] | { results: PersonalApiKeyBody[] }>('/api/personal_api_keys/', { signal })
    return Array.isArray(answer) ? answer : answer.results
  },
})

/** The answer holds the key itself, this once. */
export const createApiKey = (label: string, scopes: Scope[]) =>
  request<PersonalApiKeyBody>('/api/personal_api_keys/', { method: 'POST', body: { label, scopes } })

export const revokeApiKey = (id: string) => request<void>(`/api/personal_api_keys/${encodeURIComponent(id)}/`, { method: 'DELETE' })
