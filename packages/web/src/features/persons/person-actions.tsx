import type { PersonBody } from '@hedgerow/protocol'
import { Button, Menu } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { findPerson, splitIds, splitPerson } from '../../api-client/persons.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { DotsIcon, MergeIcon, SplitIcon, TrashIcon } from '../../ui/icons.tsx'
import { countOf } from '../../ui/numbers.ts'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { SplitDialog } from './split-dialog.tsx'

const MergeDialog = lazy(async () => ({ default: (await import('./merge-dialog.tsx')).MergeDialog }))

interface PersonActionsProps {
  person: PersonBody
  /** The one distinct id that is about to be split off. */
  splitting: string | undefined
  onSplitEnd: () => void
}

/** What can be done with a whole person: merged, taken apart, deleted. None can be undone, so each says first what it will do. */
export function PersonActions({ person, splitting, onSplitEnd }: PersonActionsProps) {
  const project = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [asking, setAsking] = useState<'delete' | 'merge' | 'split'>()
  const afterChange = async (text: string) => {
    toast(text)
    await queryClient.invalidateQueries({ queryKey: ['project', project.id] })
  }
  // why: a person is known by the id of its first distinct id, so whoever keeps the properties may now have another page.
  const follow = async (distinctId: string) => {
    const kept = await findPerson(project.id, distinctId)
    if (kept)
      await navigate({
        to: '/project/$projectId/persons/$personId',
        params: { projectId: project.id, personId: kept.id },
        search: { tab: 'ids' },
      })
  }
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More to do with this person">
            <DotsIcon size={18} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<MergeIcon size={16} />} onClick={() => setAsking('merge')}>
            Merge with another
          </Menu.Item>
          <Menu.Item leftSection={<SplitIcon size={16} />} disabled={person.distinct_ids.length < 2} onClick={() => setAsking('split')}>
            Split distinct ids
          </Menu.Item>
          <Menu.Item leftSection={<TrashIcon size={16} />} color="var(--berry-ink)" onClick={() => setAsking('delete')}>
            Delete person
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking === 'merge' && (
        <Suspense>
          <MergeDialog person={person} onClose={() => setAsking(undefined)} />
        </Suspense>
      )}
      <SplitDialog
        person={person}
        opened={asking === 'split'}
        onClose={() => setAsking(undefined)}
        onSplit={async (mainDistinctId) => {
          await splitPerson(project.id, person.id, mainDistinctId)
          await follow(mainDistinctId)
          await afterChange(`Split into ${countOf(person.distinct_ids.length, 'person')}.`)
        }}
      />
      <Confirm
        opened={splitting !== undefined}
        onClose={onSplitEnd}
        title="Split this id off?"
        verb="Split it off"
        onConfirm={async () => {
          if (splitting === undefined) return
          await splitIds(project.id, person.id, [splitting])
          const staying = person.distinct_ids.find((id) => id !== splitting)
          if (staying !== undefined) await follow(staying)
          await afterChange('The id is a person of its own now.')
        }}
      >
        <p>
          <strong>
            <Untrusted lines="many">{splitting ?? ''}</Untrusted>
          </strong>{' '}
          becomes a person of its own, with the events that were sent with it. All properties stay here, with{' '}
          {countOf(person.distinct_ids.length - 1, 'other id')}. Should the app identify it again as this person, they are merged again.
        </p>
      </Confirm>
      <DeleteDialog person={person} opened={asking === 'delete'} onClose={() => setAsking(undefined)} />
    </>
  )
}
