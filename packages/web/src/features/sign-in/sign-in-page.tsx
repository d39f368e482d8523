import { PasswordInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { signIn } from '../../api-client/account.ts'
import { ApiError } from '../../api-client/errors.ts'
import { Door } from './door.tsx'
import { DoorForm } from './door-form.tsx'

const isRefused = (error: unknown) => error instanceof ApiError && (error.status === 401 || error.status === 403)

export function SignInPage({ onSignedIn }: { onSignedIn: () => Promise<void> }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const submit = async () => {
    await signIn(email.trim(), password)
    await onSignedIn()
  }
  return (
    <Door title="Sign in">
      <DoorForm verb="Sign in" onSubmit={submit} isToldAtField={isRefused} isCheckedByBrowser>
        {(error) => (
          <>
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="username"
              required
              withAsterisk={false}
              autoFocus
              size="md"
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              size="md"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={isRefused(error) ? 'E-mail and password do not belong together.' : undefined}
            />
          </>
        )}
      </DoorForm>
    </Door>
  )
}
