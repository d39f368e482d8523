import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { signIn } from '../../api-client/account.ts'
import { ApiError } from '../../api-client/errors.ts'
import { Failure } from '../../ui/states.tsx'
import { Door } from './door.tsx'

export function SignInPage({ onSignedIn }: { onSignedIn: () => Promise<void> }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const isRefused = error instanceof ApiError && (error.status === 401 || error.status === 403)
  const submit = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await signIn(email.trim(), password)
      await onSignedIn()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Door title="Sign in">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Stack gap="md">
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
            error={isRefused ? 'E-mail and password do not belong together.' : undefined}
          />
          {error !== undefined && !isRefused && <Failure error={error} compact />}
          <Button type="submit" size="md" fullWidth loading={busy}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Door>
  )
}
