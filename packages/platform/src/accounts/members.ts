import type { AddedMemberBody, MemberBody, NewMember } from '@hedgerow/protocol'
import { HedgerowError, invalidInput, notFound } from '../errors.ts'
import type { Access, Principal } from './access.ts'
import type { Accounts } from './accounts.ts'
import { randomPassword } from './random-password.ts'

/** Who belongs to an organisation: owners and admins, signed in, take others in and put them out. */
export function createMembers(accounts: Accounts, access: Access) {
  /** The organisation that the caller may change. */
  function ownOrganization(principal: Principal, idOrCurrent: string) {
    access.requireSession(principal)
    const organization = access.organizationFor(principal, idOrCurrent)
    access.requireAdminOf(principal, organization.id)
    return organization
  }

  return {
    list: (principal: Principal, idOrCurrent: string): Promise<MemberBody[]> =>
      accounts.membersOf(access.organizationFor(principal, idOrCurrent).id),

    /**
     * Takes somebody in. For an address without an account one is made, whose password only this answer holds; who has an account already
     * goes on with its password.
     */
    async add(principal: Principal, idOrCurrent: string, { email, name, role }: NewMember): Promise<AddedMemberBody> {
      const { id } = ownOrganization(principal, idOrCurrent)
      const known = await accounts.findByEmail(email)
      if (known && (await accounts.membersOf(id)).some(({ user }) => user.id === known.id))
        throw invalidInput('email', `is ${email}: that account belongs to the organization already`)
      const user = known ?? (await accounts.createUser(email, name))
      const password = known ? null : randomPassword()
      if (password !== null) await accounts.setPassword(user.id, password)
      await accounts.join(id, user.id, role)
      access.forget(user.id)
      const member = (await accounts.membersOf(id)).find((each) => each.user.id === user.id)
      if (!member) throw new Error(`invariant: ${user.id} joined and is no member`)
      return { ...member, password }
    },

    /** Puts somebody out, and ends their sessions. Their account stays, and whatever they made. */
    async remove(principal: Principal, idOrCurrent: string, userId: string): Promise<void> {
      const { id } = ownOrganization(principal, idOrCurrent)
      const member = (await accounts.membersOf(id)).find(({ user }) => user.id === userId)
      if (!member) throw notFound(`member ${userId.slice(0, 40)}`)
      if (userId === principal.userId) throw new HedgerowError('cannot_change', 'You cannot put yourself out: another owner or admin can.')
      if (member.role === 'owner') throw new HedgerowError('permission_denied', 'An owner of the organization cannot be put out.')
      await accounts.leave(id, userId)
      access.forget(userId)
    },
  }
}
