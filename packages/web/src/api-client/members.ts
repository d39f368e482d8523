import type { AddedMemberBody, MemberBody, MemberChange, NewMember, Page, PasswordResetBody } from '@hedgerow/protocol'
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

export const changeMember = (userId: string, change: MemberChange) =>
  request<MemberBody>(`${path}${encodeURIComponent(userId)}/`, { method: 'PATCH', body: change })

/** Ends somebody's password and sessions; the answer holds what the next password is chosen with, this once. */
export const resetPassword = (userId: string) =>
  request<PasswordResetBody>(`${path}${encodeURIComponent(userId)}/reset_password/`, { method: 'POST' })

export const removeMember = (userId: string) => request<void>(`${path}${encodeURIComponent(userId)}/`, { method: 'DELETE' })
