import type { MemberBody } from '@hedgerow/protocol'

export const roleWords: Readonly<Record<string, string>> = { owner: 'Owner', admin: 'Admin', member: 'Member' }

/** Whether an account may say who belongs to the organization. */
export function canManage(members: readonly MemberBody[], accountId: string): boolean {
  const role = members.find(({ user }) => user.id === accountId)?.role
  return role === 'owner' || role === 'admin'
}

/** What an account may make of a member: nobody changes their own role, and an owner alone passes the organization on. */
export function rolesFor(members: readonly MemberBody[], member: MemberBody, accountId: string): ('owner' | 'admin' | 'member')[] {
  if (!canManage(members, accountId) || !canRemove(member, accountId)) return []
  const isOwner = members.find(({ user }) => user.id === accountId)?.role === 'owner'
  return (['member', 'admin', ...(isOwner ? (['owner'] as const) : [])] as const).filter((role) => role !== member.role)
}

/** Owners stay, and nobody puts themselves out: an organization is never left without somebody who can let others in. */
export const canRemove = (member: MemberBody, accountId: string): boolean => member.role !== 'owner' && member.user.id !== accountId
