import { Button, PasswordInput, Stack } from '@mantine/core'
import { useState } from 'react'
import { choosePassword } from '../../api-client/account.ts'
import { Failure } from '../../ui/states.tsx'
import { Door } from './door.tsx'
import { passwordMinLength } from './first-run.ts'

/** Where the link of a reset password leads: its token is good for one new password. */
export function NewPasswordPage({ token, onChosen }: { token: string; onChosen: () => Promise<void> }) {
  const [password, setPassword] = useState('')
  const [fault, setFault] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const submit = async () => {
    setFault(password.length < passwordMinLength ? `At least ${passwordMinLength} characters` : undefined)
    setError(undefined)
    if (password.length < passwordMinLength) return
    setBusy(true)
    try {
      await choosePassword(token, password)
      await onChosen()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  if (token === '') return <Door title="Choose a password" note="This address is not whole: open the link as it was passed on to you." />
  return (
    <Door title="Choose a password" note="You sign in with it next. All your other sessions have ended.">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Stack gap="md">
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            description={`At least ${passwordMinLength} characters`}
            autoFocus
            size="md"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={fault}
          />
          {error !== undefined && <Failure error={error} compact />}
          <Button type="submit" size="md" fullWidth loading={busy}>
            Use this password
          </Button>
        </Stack>
      </form>
    </Door>
  )
}
