import type { PersonalApiKeyBody, ScopeObject } from '@hedgerow/protocol'
import { Modal, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { createApiKey } from '../../api-client/account.ts'
import { DialogForm } from '../../ui/dialog-form.tsx'
import classes from './account.module.css'
import { type Access, offeredObjects, scopesOf } from './scopes.ts'

interface NewKeyDialogProps {
  opened: boolean
  onClose: () => void
  onMade: (key: PersonalApiKeyBody) => Promise<void>
}

export function NewKeyDialog({ opened, onClose, onMade }: NewKeyDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="New API key" size="lg">
      {opened && <NewKeyForm onClose={onClose} onMade={onMade} />}
    </Modal>
  )
}

function NewKeyForm({ onClose, onMade }: Omit<NewKeyDialogProps, 'opened'>) {
  const [label, setLabel] = useState('')
  const [isAll, setAll] = useState(false)
  const [access, setAccess] = useState<Partial<Record<ScopeObject, Access>>>({ query: 'read' })
  const scopes = scopesOf(isAll ? 'all' : access)
  const creation = useMutation({
    mutationFn: () => createApiKey(label.trim(), scopes),
    onSuccess: async (key) => {
      onClose()
      await onMade(key)
    },
  })
  return (
    <DialogForm
      submit="Make key"
      isReady={label.trim() !== '' && scopes.length > 0}
      isBusy={creation.isPending}
      error={creation.error}
      onSubmit={() => creation.mutate()}
      onCancel={onClose}
    >
      <TextInput
        label="What is it for?"
        placeholder="Nightly report"
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
        maxLength={100}
        required
        withAsterisk={false}
        data-autofocus
      />
      <div>
        <p className={classes.label} id="key-access">
          It may
        </p>
        <SegmentedControl
          aria-labelledby="key-access"
          fullWidth
          value={isAll ? 'all' : 'some'}
          onChange={(value) => setAll(value === 'all')}
          data={[
            { value: 'some', label: 'Only what is chosen' },
            { value: 'all', label: 'Everything you may' },
          ]}
        />
      </div>
      {!isAll && (
        <div className={classes.scopes}>
          {offeredObjects.map(({ object, label: name }) => (
            <div key={object} className={classes.scope}>
              <span id={`scope-${object}`}>{name}</span>
              <SegmentedControl
                size="xs"
                aria-labelledby={`scope-${object}`}
                value={access[object] ?? 'none'}
                onChange={(value) => setAccess({ ...access, [object]: value as Access })}
                data={[
                  { value: 'none', label: 'No' },
                  { value: 'read', label: 'Read' },
                  { value: 'write', label: 'Change' },
                ]}
              />
            </div>
          ))}
        </div>
      )}
    </DialogForm>
  )
}
