import { passwordLength } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { betterAuth } from 'better-auth'
import { hashPassword, verifyPassword } from './passwords.ts'

export interface AuthOptions {
  application: ApplicationStore
  /** Signs cookies. */
  secret: string
  /** Cookies are sent over https alone. */
  useSecureCookies: boolean
  /** Origins beside the request's own host from which a browser may change things. */
  allowedOrigins: readonly string[]
  sessionDays: number
  log: (level: 'info' | 'warn' | 'error' | 'debug', message: string) => void
}

/** The header in which the server tells the client's address; it overwrites what a client sends by that name. */
export const clientAddressHeader = 'x-hedgerow-client-address'

const daySeconds = 86_400

/** The sign-in library on our tables: e-mail and password, sessions in the database. */
export function createAuth({ application, secret, useSecureCookies, allowedOrigins, sessionDays, log }: AuthOptions) {
  return betterAuth({
    appName: 'Hedgerow',
    basePath: '/api/auth',
    secret,
    database: { db: application.db, type: 'postgres' },
    telemetry: { enabled: false },
    // why: its warnings are about a base address, which it takes from each request on purpose.
    logger: { level: 'error', log: (level, message) => log(level, message) },
    trustedOrigins: (request) => (request ? [new URL(request.url).origin, ...allowedOrigins] : [...allowedOrigins]),
    emailAndPassword: {
      enabled: true,
      // why: accounts are made by the first-run set-up and by invitation, never by whoever finds the address.
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      password: { hash: hashPassword, verify: verifyPassword },
      revokeSessionsOnPasswordReset: true,
    },
    user: { modelName: 'users', fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' } },
    session: {
      modelName: 'user_sessions',
      expiresIn: sessionDays * daySeconds,
      updateAge: daySeconds,
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    account: {
      modelName: 'user_accounts',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'user_verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
      // why: who reads the database must not be able to choose anybody's password.
      storeIdentifier: 'hashed',
    },
    // why: attempts are counted by sign-in-limits.ts, per address and per account, for all processes together.
    rateLimit: { enabled: false },
    advanced: {
      useSecureCookies,
      cookiePrefix: 'hedgerow',
      disableCSRFCheck: false,
      disableOriginCheck: false,
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
    },
  })
}

export type Auth = ReturnType<typeof createAuth>
