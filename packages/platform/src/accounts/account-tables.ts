/** Rows of migration 0002, by the names of the columns. */
export type AccountTables = {
  users: {
    id: string
    name: string
    email: string
    email_verified: boolean
    image: string | null
    current_project_id: number | null
    created_at: Date
    updated_at: Date
  }
  user_sessions: {
    id: string
    user_id: string
    token: string
    expires_at: Date
    ip_address: string | null
    user_agent: string | null
    created_at: Date
    updated_at: Date
  }
  user_accounts: {
    id: string
    user_id: string
    account_id: string
    provider_id: string
    password: string | null
    created_at: Date
    updated_at: Date
  }
  user_verifications: { id: string; identifier: string; value: string; expires_at: Date }
  organizations: { id: string; name: string; slug: string; logo: string | null; metadata: string | null; created_at: Date }
  organization_members: { id: string; organization_id: string; user_id: string; role: string; created_at: Date }
  sign_in_attempts: { subject: string; window_started_at: Date; attempts: number }
  installation_values: { name: string; value: string; created_at: Date }
}
