import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Failure } from './states.tsx'
import { useAttempt } from './use-attempt.ts'

interface ConfirmProps {
  opened: boolean
  onClose: () => void
  title: string
  children: ReactNode
  /** The verb on the button, for instance `Delete person`. */
  verb: string
  tone?: 'plain' | 'danger'
  /** Must be typed to go on: for what cannot be undone. */
  typed?: string
  /** A choice that goes along. */
  option?: { label: string; description?: string; initially: boolean }
  /** Resolves when it is done; the dialog then closes. A failure is shown in the dialog. */
  onConfirm: (optionChosen: boolean) => Promise<unknown>
}

/** Asks before something that matters. */
export function Confirm({ opened, onClose, title, ...rest }: ConfirmProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="md">
      {opened && <ConfirmBody onClose={onClose} {...rest} />}
    </Modal>
  )
}

function ConfirmBody({ onClose, children, verb, tone = 'danger', typed, option, onConfirm }: Omit<ConfirmProps, 'opened' | 'title'>) {
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(option?.initially ?? false)
  const { isBusy: busy, error, attempt } = useAttempt()
  const submit = async () => {
    await attempt(async () => {
      await onConfirm(chosen)
      onClose()
    })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Stack gap="md">
        <div>{children}</div>
        {option && (
          <Checkbox
            checked={chosen}
            onChange={(event) => setChosen(event.currentTarget.checked)}
            label={option.label}
            description={option.description}
          />
        )}
        {typed && (
          <TextInput
            label={`Type “${typed}” to go on`}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
        )}
        {error !== undefined && <Failure error={error} compact />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            color={tone === 'danger' ? 'berry' : 'hedge'}
            loading={busy}
            disabled={typed !== undefined && text !== typed}
          >
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
