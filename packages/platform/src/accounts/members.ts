import type { AddedMemberBody, MemberBody, MemberChange, NewMember, PasswordResetBody } from '@hedgerow/protocol'
import { HedgerowError, invalidInput, notFound } from '../errors.ts'
import type { Access, Principal } from './access.ts'
import type { Accounts } from './accounts.ts'
import { randomPassword } from './random-password.ts'

interface MembersOptions {
  accounts: Accounts
  access: Access
  passwordLinkMs: number
  now: () => Date
}

/** Who belongs to an organisation, and as what: owners and admins, signed in, take others in, put them out, and let them choose a new password. */
export function createMembers({ accounts, access, passwordLinkMs, now }: MembersOptions) {
  /** The organisation that the caller may change. */
  function ownOrganization(principal: Principal, idOrCurrent: string) {
    access.requireSession(principal)
    const organization = access.organizationFor(principal, idOrCurrent)
    access.requireAdminOf(principal, organization.id)
    return organization
  }

  async function memberOf(organizationId: string, userId: string): Promise<MemberBody> {
    const member = (await accounts.membersOf(organizationId)).find(({ user }) => user.id === userId)
    if (!member) throw notFound(`member ${userId.slice(0, 40)}`)
    return member
  }

  /** An account is one for all its organisations: whoever sets its password could act in each of them as it does. */
  async function requireOver(principal: Principal, userId: string): Promise<void> {
    for (const { id, role } of await accounts.organizationsOf(userId)) {
      const own = principal.organizations.find((organization) => organization.id === id)?.role
      if (own === 'owner' || (own === 'admin' && role !== 'owner')) continue
      throw new HedgerowError(
        'permission_denied',
        own === undefined
          ? 'The account belongs to another organization too, of which you are no owner or admin.'
          : 'Only an owner of the organization may reset the password of an owner.',
      )
    }
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
      return { ...(await memberOf(id, user.id)), password }
    },

    /** Makes somebody an admin or a member; or the owner, which an owner alone may, who is an admin from then on. */
    async change(principal: Principal, idOrCurrent: string, userId: string, { role }: MemberChange): Promise<MemberBody> {
      const { id } = ownOrganization(principal, idOrCurrent)
      const member = await memberOf(id, userId)
      if (userId === principal.userId)
        throw new HedgerowError('cannot_change', 'You cannot change your own role: another owner or admin can.')
      if (member.role === 'owner')
        throw new HedgerowError('permission_denied', 'The role of an owner changes when the owner makes another one.')
      const isOwner = principal.organizations.find((each) => each.id === id)?.role === 'owner'
      if (role === 'owner' && !isOwner)
        throw new HedgerowError('permission_denied', 'Only an owner of the organization may make another one.')
      await accounts.changeRoles(id, new Map([[userId, role], ...(role === 'owner' ? [[principal.userId, 'admin'] as const] : [])]))
      access.forget(userId)
      access.forget(principal.userId)
      return memberOf(id, userId)
    },

    /** Ends somebody's password and sessions; only this answer holds what the next password is chosen with. */
    async resetPassword(principal: Principal, idOrCurrent: string, userId: string): Promise<PasswordResetBody> {
      const { id } = ownOrganization(principal, idOrCurrent)
      await memberOf(id, userId)
      if (userId === principal.userId) throw new HedgerowError('cannot_change', 'Your own password is changed under Account.')
      await requireOver(principal, userId)
      const expiresAt = new Date(now().getTime() + passwordLinkMs)
      return { token: await accounts.endPassword(userId, expiresAt), expires_at: expiresAt.toISOString() }
    },

    /** Puts somebody out, and ends their sessions. Their account stays, and whatever they made. */
    async remove(principal: Principal, idOrCurrent: string, userId: string): Promise<void> {
      const { id } = ownOrganization(principal, idOrCurrent)
      const member = await memberOf(id, userId)
      if (userId === principal.userId) throw new HedgerowError('cannot_change', 'You cannot put yourself out: another owner or admin can.')
      if (member.role === 'owner') throw new HedgerowError('permission_denied', 'An owner of the organization cannot be put out.')
      await accounts.leave(id, userId)
      access.forget(userId)
    },
  }
}
