import type { PersonBody } from '@hedgerow/protocol'
import { Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { Confirm } from '../../ui/confirm.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import { identityIds } from './identity.ts'
import classes from './person-page.module.css'

interface SplitDialogProps {
  person: PersonBody
  opened: boolean
  onClose: () => void
  onSplit: (mainDistinctId: string) => Promise<void>
}

/** Asks which of a person's ids keeps the properties; each of the others becomes a person of its own. */
export function SplitDialog({ person, opened, onClose, onSplit }: SplitDialogProps) {
  const ids = identityIds(person.distinct_ids, [])
  const [main, setMain] = useState(ids[0]?.distinctId ?? '')
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title="Split this person?"
      verb={`Split into ${countOf(ids.length, 'person')}`}
      onConfirm={() => onSplit(main)}
    >
      <Stack gap="sm">
        <p>Each distinct id becomes a person of its own, with the events that were sent with it. One of them keeps the properties:</p>
        <Radio.Group value={main} onChange={setMain} aria-label="Distinct id that keeps the properties">
          <div className={classes.choices}>
            {ids.map(({ distinctId, isAnonymous }) => (
              <Radio
                key={distinctId}
                value={distinctId}
                label={<Untrusted>{distinctId}</Untrusted>}
                description={isAnonymous ? 'anonymous' : undefined}
              />
            ))}
          </div>
        </Radio.Group>
      </Stack>
    </Confirm>
  )
}
