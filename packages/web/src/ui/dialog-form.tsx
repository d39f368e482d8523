import { Button, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './dialog-form.module.css'
import { Failure } from './states.tsx'

interface DialogFormProps {
  /** What the button says. */
  submit: string
  /** Whether what was filled in is enough. */
  isReady: boolean
  isBusy: boolean
  /** Why the last attempt failed. */
  error: unknown
  onSubmit: () => void
  onCancel: () => void
  children: ReactNode
}

/** Fields of a dialog, what went wrong, and the two ways out. */
export function DialogForm({ submit, isReady, isBusy, error, onSubmit, onCancel, children }: DialogFormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <Stack gap="md">
        {children}
        {error ? <Failure error={error} compact /> : undefined}
        <Group justify="flex-end" gap="xs" className={classes.ends ?? ''}>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy} disabled={!isReady}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
