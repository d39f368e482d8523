import { z } from 'zod'
import type { CreatorBody } from './cohorts.ts'
import { timezone } from './fields.ts'

/** What a personal API key can be allowed; `*` allows everything. `write` includes `read`. */
export const scopeObjects = [
  'project',
  'person',
  'group',
  'event_definition',
  'property_definition',
  'query',
  'ingestion',
  'user',
  'organization',
  'feature_flag',
  'experiment',
  'cohort',
  'action',
  'insight',
  'dashboard',
  'annotation',
] as const
export type ScopeObject = (typeof scopeObjects)[number]
export type Scope = '*' | `${ScopeObject}:${'read' | 'write'}`

export const allScopes: readonly Scope[] = ['*', ...scopeObjects.flatMap((name) => [`${name}:read`, `${name}:write`] as const)]

export const scope = z.custom<Scope>(
  (value) => allScopes.includes(value as Scope),
  'must be * or an object and an action, for instance person:read',
)

/** Passwords are limited by length alone. */
export const passwordLength = { min: 8, max: 128 } as const

export const email = z.email('must be an e-mail address').max(254)
const password = z
  .string({ error: 'must be text' })
  .min(passwordLength.min, `must have at least ${passwordLength.min} characters`)
  .max(passwordLength.max, `must have at most ${passwordLength.max} characters`)

/** `POST /api/setup/`, only while there is no account. */
export const setUp = z.object({
  email,
  password,
  name: z.string({ error: 'must be text' }).trim().min(1, 'must not be empty').max(200),
  project_name: z.string({ error: 'must be text' }).trim().min(1, 'must not be empty').max(200),
  timezone: timezone.default('UTC'),
})
export type SetUp = z.infer<typeof setUp>

/** `GET /_preflight/` */
export interface PreflightBody {
  /** No account exists yet: show the first-run page. */
  setup_required: boolean
  /** The server runs with a demo project. */
  demo: boolean
  version: string
}

export const newPersonalApiKey = z.object({
  label: z.string({ error: 'must be text' }).trim().min(1, 'must not be empty').max(100),
  scopes: z.array(scope).min(1, 'must name at least one scope'),
})

export const personalApiKeyChange = newPersonalApiKey.partial()

export interface PersonalApiKeyBody {
  id: string
  label: string
  /** The key itself, only in the answer to the request that made it. */
  value?: string
  mask_value: string
  scopes: Scope[]
  created_at: string
  last_used_at: string | null
}

/** `PATCH /api/users/@me/` */
export const userChange = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(200).optional(),
  first_name: z.string().trim().min(1, 'must not be empty').max(200).optional(),
  set_current_team: z.int({ error: 'must be the id of a project' }).optional(),
})

export interface UserBody {
  id: string
  uuid: string
  email: string
  first_name: string
  /** The current project. */
  team: { id: number; name: string; api_token: string } | null
  organization: OrganizationBody | null
  scopes: Scope[]
}

/** `POST /api/organizations/:id/members/` */
export const newMember = z.object({
  email,
  /** Of an account that is made for it. */
  name: z.string({ error: 'must be text' }).trim().min(1, 'must not be empty').max(200),
  role: z.enum(['admin', 'member'], { error: 'must be admin or member' }).default('member'),
})
export type NewMember = z.infer<typeof newMember>

/** The answer to that; `password` is there where an account was made, this once. */
export interface AddedMemberBody extends MemberBody {
  password: string | null
}

/** `PATCH /api/organizations/:id/members/:user_id/`; `owner` passes the organization on: the owner who asks becomes an admin. */
export const memberChange = z.object({ role: z.enum(['owner', 'admin', 'member'], { error: 'must be owner, admin or member' }) })
export type MemberChange = z.infer<typeof memberChange>

/** The answer to `POST /api/organizations/:id/members/:user_id/reset_password/`: good once, for the page `/new-password#TOKEN`. */
export interface PasswordResetBody {
  token: string
  expires_at: string
}

/** `GET /api/organizations/:id/members/` */
export interface MemberBody {
  user: CreatorBody
  role: string
  joined_at: string
}

export interface OrganizationBody {
  id: string
  name: string
  slug: string
  created_at: string
  projects: { id: number; name: string; is_demo: boolean; ingested_event: boolean; timezone: string }[]
  teams: { id: number; name: string; is_demo: boolean; ingested_event: boolean; timezone: string }[]
}
