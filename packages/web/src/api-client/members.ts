import type { AddedMemberBody, MemberBody, NewMember, Page } from '@hedgerow/protocol'
import { queryOptions } from '@tanstack/react-query'
import { request } from './http.ts'

const path = '/api/organizations/@current/members/'

/** Who belongs to the organization, those who came first first. */
export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: async ({ signal }) => (await request<Page<MemberBody>>(path, { signal })).results,
})

/** Takes somebody in; the answer holds the password of an account that was made for it. */
export const addMember = (body: NewMember) => request<AddedMemberBody>(path, { method: 'POST', body })

export const removeMember = (userId: string) => request<void>(`${path}${encodeURIComponent(userId)}/`, { method: 'DELETE' })
