import { PasswordInput } from '@mantine/core'
import { useState } from 'react'
import { choosePassword } from '../../api-client/account.ts'
import { Door } from './door.tsx'
import { DoorForm } from './door-form.tsx'
import { passwordMinLength } from './first-run.ts'

/** Where the link of a reset password leads: its token is good for one new password. */
export function NewPasswordPage({ token, onChosen }: { token: string; onChosen: () => Promise<void> }) {
  const [password, setPassword] = useState('')
  const [fault, setFault] = useState<string>()
  const submit = async () => {
    const isShort = password.length < passwordMinLength
    setFault(isShort ? `At least ${passwordMinLength} characters` : undefined)
    if (isShort) return
    await choosePassword(token, password)
    await onChosen()
  }
  if (token === '') return <Door title="Choose a password" note="This address is not whole: open the link as it was passed on to you." />
  return (
    <Door title="Choose a password" note="You sign in with it next. All your other sessions have ended.">
      <DoorForm verb="Use this password" onSubmit={submit}>
        {() => (
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
        )}
      </DoorForm>
    </Door>
  )
}
