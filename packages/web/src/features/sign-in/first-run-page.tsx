import { PasswordInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { setUp } from '../../api-client/account.ts'
import { ApiError } from '../../api-client/errors.ts'
import { browserZone } from '../../ui/time.ts'
import { ZoneSelect } from '../../ui/zone-select.tsx'
import { Door } from './door.tsx'
import { DoorForm } from './door-form.tsx'
import { type FirstRun, firstRunFaults, formField, passwordMinLength } from './first-run.ts'

export function FirstRunPage({ onDone }: { onDone: () => Promise<void> }) {
  const [form, setForm] = useState<FirstRun>({ name: '', email: '', password: '', projectName: '', timezone: browserZone() })
  const [faults, setFaults] = useState<Partial<Record<keyof FirstRun, string>>>({})
  const field = (name: keyof FirstRun) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) => setForm({ ...form, [name]: event.currentTarget.value }),
    error: faults[name],
    size: 'md' as const,
  })
  const submit = async () => {
    const found = firstRunFaults(form)
    setFaults(found)
    if (Object.keys(found).length > 0) return
    try {
      const { name, email, password, projectName, timezone } = form
      await setUp({ name: name.trim(), email: email.trim(), password, project_name: projectName.trim(), timezone })
    } catch (failure) {
      const at = failure instanceof ApiError ? formField(failure.field) : undefined
      if (!at || !(failure instanceof ApiError)) throw failure
      setFaults({ [at]: failure.message })
      return
    }
    await onDone()
  }
  return (
    <Door title="Make this Hedgerow yours" note="The first account owns the server. Everything stays on it.">
      <DoorForm verb="Create account and project" onSubmit={submit}>
        {() => (
          <>
            <TextInput label="Your name" autoComplete="name" autoFocus {...field('name')} />
            <TextInput label="E-mail" type="email" autoComplete="username" {...field('email')} />
            <PasswordInput
              label="Password"
              autoComplete="new-password"
              description={`At least ${passwordMinLength} characters`}
              {...field('password')}
            />
            <TextInput label="First project" placeholder="What is the app called?" {...field('projectName')} />
            <ZoneSelect
              label="Time zone of the project"
              description="Days begin and end in it. It can be changed later."
              size="md"
              value={form.timezone}
              onChange={(timezone) => setForm({ ...form, timezone })}
              error={faults.timezone}
            />
          </>
        )}
      </DoorForm>
    </Door>
  )
}
