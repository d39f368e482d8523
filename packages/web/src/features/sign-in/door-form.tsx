import { Button, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { Failure } from '../../ui/states.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'

interface DoorFormProps {
  /** What the button says. */
  verb: string
  /** Throws what failed; a fault of a field it tells itself. */
  onSubmit: () => Promise<void>
  /** What failed last is told at a field, not as a whole. */
  isToldAtField?: (error: unknown) => boolean
  /** The browser itself looks that nothing is left empty. */
  isCheckedByBrowser?: boolean
  /** Fields; they are given what failed last. */
  children: (error: unknown) => ReactNode
}

/** Fields one below the other, what failed, and the button. */
export function DoorForm({ verb, onSubmit, isToldAtField = () => false, isCheckedByBrowser = false, children }: DoorFormProps) {
  const { isBusy: busy, error, attempt } = useAttempt()
  const submit = async () => {
    await attempt(async () => {
      await onSubmit()
    })
  }
  return (
    <form
      noValidate={!isCheckedByBrowser}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Stack gap="md">
        {children(error)}
        {error !== undefined && !isToldAtField(error) && <Failure error={error} compact />}
        <Button type="submit" size="md" fullWidth loading={busy}>
          {verb}
        </Button>
      </Stack>
    </form>
  )
}
