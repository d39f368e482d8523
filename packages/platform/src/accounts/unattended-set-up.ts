import { HedgerowError } from '../errors.ts'
import type { PersonalApiKeys } from '../keys/personal-api-keys.ts'
import type { Project } from '../projects/project.ts'
import type { Projects } from '../projects/projects.ts'
import { type Accounts, checkPassword, type User } from './accounts.ts'

export interface UnattendedSetUp {
  projectToken?: string | undefined
  projectSecretKey?: string | undefined
  personalApiKey?: string | undefined
  adminEmail?: string | undefined
  adminPassword?: string | undefined
  projectName: string
}

const firstProjectId = 1
const defaultAdminEmail = 'admin@hedgerow.local'

/**
 * Makes or adopts the first account and project 1 with the keys that the environment gives. Safe to repeat: what already
 * is as wanted stays, what was changed since is set again. Does nothing when no key, address or password is given.
 */
export async function setUpUnattended(
  wanted: UnattendedSetUp,
  { accounts, keys, projects }: { accounts: Accounts; keys: PersonalApiKeys; projects: Projects },
): Promise<boolean> {
  const { projectToken, projectSecretKey, personalApiKey, adminEmail, adminPassword } = wanted
  if ([projectToken, projectSecretKey, personalApiKey, adminEmail, adminPassword].every((value) => value === undefined)) return false
  if (adminPassword !== undefined) checkPassword(adminPassword, 'HEDGEROW_ADMIN_PASSWORD')

  await accounts.exclusively(async () => {
    const email = adminEmail ?? defaultAdminEmail
    const known = await accounts.findByEmail(email)
    const admin = known ?? (await accounts.createUser(email, email.split('@')[0] ?? email))
    if (adminPassword !== undefined) await accounts.setPassword(admin.id, adminPassword)
    if (personalApiKey !== undefined) await keys.adopt(admin.id, personalApiKey)

    const project = await projects.get(firstProjectId).catch(undefinedIfNotFound)
    const organizationId = project?.organizationId ?? (await organizationFor(admin, accounts)).id
    await accounts.join(organizationId, admin.id, 'owner')
    await adoptProject(project, organizationId, wanted, projects)
  })
  return true
}

async function organizationFor(admin: User, accounts: Accounts): Promise<{ id: string }> {
  const [organization] = await accounts.organizationsOf(admin.id)
  return organization ?? accounts.createOrganization('My organization', admin.id)
}

async function adoptProject(
  existing: Project | undefined,
  organizationId: string,
  wanted: UnattendedSetUp,
  projects: Projects,
): Promise<void> {
  const { projectToken, projectSecretKey } = wanted
  const given = projectToken === undefined ? {} : { apiToken: projectToken }
  const project = existing ?? (await projects.create(organizationId, { name: wanted.projectName }, given))
  if (projectToken !== undefined && project.apiToken !== projectToken) await projects.setToken(project.id, projectToken)
  if (project.organizationId === null) await projects.setOrganization(project.id, organizationId)
  if (projectSecretKey !== undefined && (await projects.findBySecretKey(projectSecretKey))?.id !== project.id) {
    await projects.rotateSecretKey(project.id, projectSecretKey)
  }
}

function undefinedIfNotFound(error: unknown): undefined {
  if (error instanceof HedgerowError && error.code === 'not_found') return undefined
  throw error
}
