import type { PersonBody } from '@hedgerow/protocol'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { accountQuery } from '../../api-client/account.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { deletePerson, personTotalsQuery } from '../../api-client/persons.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import type { Erasure } from './erasure.ts'

const ErasureReceipt = lazy(async () => ({ default: (await import('./erasure-receipt.tsx')).ErasureReceipt }))

interface DeleteDialogProps {
  person: PersonBody
  opened: boolean
  onClose: () => void
}

/** Asks before a person is deleted, and gives a receipt when it is. */
export function DeleteDialog({ person, opened, onClose }: DeleteDialogProps) {
  const project = useProject()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const account = useQuery(accountQuery)
  const [erasure, setErasure] = useState<Erasure>()
  const totals = useQuery({ ...personTotalsQuery(project.id, person.id), enabled: opened, staleTime: 0 })
  const events = totals.data?.events
  const leave = async () => {
    await navigate({ to: '/project/$projectId/persons', params: { projectId: project.id } })
    await queryClient.invalidateQueries({ queryKey: ['project', project.id] })
  }
  if (erasure)
    return (
      <Suspense>
        <ErasureReceipt erasure={erasure} onClose={() => void leave()} />
      </Suspense>
    )
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title="Delete this person?"
      verb="Delete person"
      option={{
        label: events === undefined ? 'Delete the events as well' : `Delete the ${countOf(events, 'event')} as well`,
        description: 'Every event of every distinct id of this person. Charts of the past change.',
        initially: false,
      }}
      onConfirm={async (withEvents) => {
        const askedAt = new Date().toISOString()
        const command = await deletePerson(project.id, person.id, withEvents)
        setErasure({
          project: { id: project.id, name: project.name },
          person,
          events: withEvents ? (events ?? 0) : undefined,
          askedBy: account.data?.email ?? '',
          askedAt,
          command,
        })
      }}
    >
      <p>
        <strong>
          <Untrusted lines="many">{person.name.slice(0, 200)}</Untrusted>
        </strong>{' '}
        with {countOf(Object.keys(person.properties).length, 'property', 'properties')} and{' '}
        {countOf(person.distinct_ids.length, 'distinct id')} is removed. This cannot be undone. If the app sends events with these ids
        again, a new person begins.
      </p>
      {totals.data?.firstAt !== undefined && (
        <p>
          There {events === 1 ? 'is 1 event' : `are ${countOf(events ?? 0, 'event')}`} since{' '}
          <Instant at={totals.data.firstAt} style="full" />, in {countOf(totals.data.sessions, 'session')}.
        </p>
      )}
    </Confirm>
  )
}
