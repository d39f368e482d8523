import { randomBytes, randomUUID } from 'node:crypto'
import { type MemberBody, passwordLength, type SetUp } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { HedgerowError, invalidInput } from '../errors.ts'
import type { AccountTables } from './account-tables.ts'
import type { Auth } from './auth.ts'
import { randomPassword } from './random-password.ts'

export interface User {
  id: string
  email: string
  name: string
  currentProjectId: number | null
}

export interface Organization {
  id: string
  name: string
  slug: string
  createdAt: string
}

/** Set-up takes this lock, so that two requests (or two processes) cannot both make the first account. */
const setUpLock = 4_711_001

/** Users and organisations; signing in itself is better-auth's. */
export function createAccounts(application: ApplicationStore, auth: Auth) {
  const db = application.db.withTables<AccountTables>()

  async function setPassword(userId: string, password: string): Promise<void> {
    const { internalAdapter, password: passwords } = await auth.$context
    const known = (await internalAdapter.findAccounts(userId)).find((account) => account.providerId === 'credential')
    if (known?.password && (await passwords.verify({ hash: known.password, password }))) return
    const hashed = await passwords.hash(password)
    if (known) await internalAdapter.updateAccount(known.id, { password: hashed })
    else await internalAdapter.linkAccount({ userId, providerId: 'credential', accountId: userId, password: hashed })
  }

  async function createUser(email: string, name: string): Promise<User> {
    const { internalAdapter } = await auth.$context
    const made = await internalAdapter.createUser({ email: email.toLowerCase(), name, emailVerified: true }, { method: 'admin' })
    return { id: made.id, email: made.email, name: made.name, currentProjectId: null }
  }

  async function createOrganization(name: string, ownerId: string): Promise<Organization> {
    const id = randomUUID()
    const row = await db
      .insertInto('organizations')
      .values({ id, name, slug: `organization-${id.slice(0, 8)}`, logo: null, metadata: null, created_at: new Date() })
      .returningAll()
      .executeTakeFirstOrThrow()
    await join(id, ownerId, 'owner')
    return organizationOf(row)
  }

  /** Does nothing for someone who is a member already. */
  async function join(organizationId: string, userId: string, role: 'owner' | 'admin' | 'member'): Promise<void> {
    await db
      .insertInto('organization_members')
      .values({ id: randomUUID(), organization_id: organizationId, user_id: userId, role, created_at: new Date() })
      .onConflict((conflict) => conflict.columns(['organization_id', 'user_id']).doNothing())
      .execute()
  }

  async function setUpRequired(): Promise<boolean> {
    const found = await db.selectFrom('users').select('id').limit(1).executeTakeFirst()
    return found === undefined
  }

  let turn: Promise<unknown> = Promise.resolve()
  /** Runs alone among all processes of this installation. */
  function exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = turn.then(async () => {
      const client = await application.pool.connect()
      try {
        await client.query('SELECT pg_advisory_lock($1)', [setUpLock])
        return await work()
      } finally {
        await client.query('SELECT pg_advisory_unlock($1)', [setUpLock])
        client.release()
      }
    })
    // tricky: all connections to the embedded database are one session, which a lock of its own does not stop.
    turn = mine.catch(() => undefined)
    return mine
  }

  return {
    setUpRequired,
    setPassword,
    createUser,
    createOrganization,
    join,

    exclusively,

    /** The first account. Throws `already_set_up`. */
    setUp: (wanted: SetUp): Promise<{ user: User; organization: Organization }> =>
      exclusively(async () => {
        if (!(await setUpRequired())) throw new HedgerowError('already_set_up', 'The first account exists already: sign in with it.')
        const user = await createUser(wanted.email, wanted.name)
        await setPassword(user.id, wanted.password)
        return { user, organization: await createOrganization(`${wanted.name}’s organization`, user.id) }
      }),

    async find(userId: string): Promise<User | undefined> {
      const row = await db.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirst()
      return row && userOf(row)
    },

    async findByEmail(email: string): Promise<User | undefined> {
      const row = await db.selectFrom('users').selectAll().where('email', '=', email.toLowerCase()).executeTakeFirst()
      return row && userOf(row)
    },

    /** The organisations that a user belongs to, the oldest membership first. */
    async organizationsOf(userId: string): Promise<(Organization & { role: string })[]> {
      const rows = await db
        .selectFrom('organization_members')
        .innerJoin('organizations', 'organizations.id', 'organization_members.organization_id')
        .selectAll('organizations')
        .select('organization_members.role')
        .where('organization_members.user_id', '=', userId)
        .orderBy('organization_members.created_at')
        .execute()
      return rows.map((row) => ({ ...organizationOf(row), role: row.role }))
    },

    /** Who belongs to an organisation, those who came first first. */
    async membersOf(organizationId: string): Promise<MemberBody[]> {
      const rows = await db
        .selectFrom('organization_members')
        .innerJoin('users', 'users.id', 'organization_members.user_id')
        .select(['users.id', 'users.name', 'users.email', 'organization_members.role', 'organization_members.created_at'])
        .where('organization_members.organization_id', '=', organizationId)
        .orderBy('organization_members.created_at')
        .orderBy('users.id')
        .execute()
      return rows.map(({ id, name, email, role, created_at }) => ({
        user: { id, uuid: id, first_name: name, email },
        role,
        joined_at: created_at.toISOString(),
      }))
    },

    /** Ends a membership, and the sessions of who had it. */
    async leave(organizationId: string, userId: string): Promise<void> {
      await db.deleteFrom('organization_members').where('organization_id', '=', organizationId).where('user_id', '=', userId).execute()
      await db.deleteFrom('user_sessions').where('user_id', '=', userId).execute()
    },

    /** Gives each of these users a role, or none of them. */
    async changeRoles(organizationId: string, roles: ReadonlyMap<string, 'owner' | 'admin' | 'member'>): Promise<void> {
      await db.transaction().execute(async (within) => {
        for (const [userId, role] of roles) {
          await within
            .updateTable('organization_members')
            .set({ role })
            .where('organization_id', '=', organizationId)
            .where('user_id', '=', userId)
            .execute()
        }
      })
    },

    /**
     * Ends a user's password and sessions. Who has the token, until it expires, chooses the next password through better-auth's
     * `reset-password`; it is good once, and an earlier one no longer.
     */
    async endPassword(userId: string, expiresAt: Date): Promise<string> {
      const { internalAdapter } = await auth.$context
      await setPassword(userId, randomPassword())
      await db.deleteFrom('user_verifications').where('value', '=', userId).execute()
      await internalAdapter.deleteUserSessions(userId)
      const token = randomBytes(24).toString('base64url')
      await internalAdapter.createVerificationValue({ value: userId, identifier: `reset-password:${token}`, expiresAt })
      return token
    },

    async change(userId: string, change: { name?: string; currentProjectId?: number }): Promise<void> {
      await db
        .updateTable('users')
        .set({
          updated_at: new Date(),
          ...(change.name === undefined ? {} : { name: change.name }),
          ...(change.currentProjectId === undefined ? {} : { current_project_id: change.currentProjectId }),
        })
        .where('id', '=', userId)
        .execute()
    },
  }
}

export type Accounts = ReturnType<typeof createAccounts>

export function checkPassword(password: string, attr: string): void {
  if (password.length < passwordLength.min) throw invalidInput(attr, `must have at least ${passwordLength.min} characters`, 'weak_password')
  if (password.length > passwordLength.max) throw invalidInput(attr, `must have at most ${passwordLength.max} characters`, 'weak_password')
}

const userOf = (row: AccountTables['users']): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  currentProjectId: row.current_project_id,
})

const organizationOf = (row: AccountTables['organizations']): Organization => ({
  id: row.id,
  name: row.name,
  slug: row.slug,
  createdAt: row.created_at.toISOString(),
})
