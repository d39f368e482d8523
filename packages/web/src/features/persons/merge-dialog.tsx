import type { PersonBody } from '@hedgerow/protocol'
import { Button, Modal } from '@mantine/core'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { mergePersons, personsQuery, personTotalsQuery } from '../../api-client/persons.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { countOf } from '../../ui/numbers.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './person-page.module.css'

interface MergeDialogProps {
  person: PersonBody
  onClose: () => void
}

/** Chooses somebody who is the same person, says what merging will do, and does it. */
export function MergeDialog({ person, onClose }: MergeDialogProps) {
  const project = useProject()
  const queryClient = useQueryClient()
  const [other, setOther] = useState<PersonBody>()
  if (!other)
    return (
      <Modal opened onClose={onClose} title="Who else is this person?" size="md">
        <Others person={person} onPick={setOther} />
      </Modal>
    )
  return (
    <Confirm
      opened
      onClose={onClose}
      title="Merge these two?"
      verb="Merge them"
      onConfirm={async () => {
        const answer = await mergePersons(project.id, person.id, other.id)
        toast('id' in answer ? 'They are one person.' : 'They will be one person in a moment.')
        await queryClient.invalidateQueries({ queryKey: ['project', project.id] })
      }}
    >
      <Account person={person} other={other} />
    </Confirm>
  )
}

/** What will come over, and what would be lost. */
function Account({ person, other }: { person: PersonBody; other: PersonBody }) {
  const project = useProject()
  const totals = useQuery(personTotalsQuery(project.id, other.id))
  const inBoth = Object.keys(other.properties).filter((name) => Object.hasOwn(person.properties, name) && !name.startsWith('$'))
  return (
    <>
      <p>
        <strong>
          <Untrusted lines="many">{other.name.slice(0, 200)}</Untrusted>
        </strong>{' '}
        with {countOf(other.distinct_ids.length, 'distinct id')}
        {totals.data && ` and ${countOf(totals.data.events, 'event')}`} becomes part of{' '}
        <strong>
          <Untrusted lines="many">{person.name.slice(0, 200)}</Untrusted>
        </strong>
        , also for the past.
      </p>
      {inBoth.length > 0 && (
        <p>
          Both have <Untrusted lines="many">{inBoth.slice(0, 8).join(', ')}</Untrusted>
          {inBoth.length > 8 && ` and ${inBoth.length - 8} more`}: the values of the latter stay.
        </p>
      )}
      <p>Under Identity each id can be split off again; what its person was like before does not come back.</p>
    </>
  )
}

function Others({ person, onPick }: { person: PersonBody; onPick: (other: PersonBody) => void }) {
  const project = useProject()
  const [search, setSearch] = useState<string>()
  const query = useInfiniteQuery({ ...personsQuery(project.id, { search }), placeholderData: (before) => before })
  return (
    <>
      <SearchField value={search} onChange={setSearch} placeholder="E-mail, name or id" label="Search persons" />
      <Loaded query={query}>
        {({ pages }) => {
          const others = pages.flatMap(({ results }) => results).filter(({ id }) => id !== person.id)
          if (others.length === 0) return <Empty title={search ? 'Nobody matches' : 'There is nobody else'} />
          return (
            <ul className={classes.others} aria-label="Persons">
              {others.slice(0, 50).map((other) => (
                <li key={other.id}>
                  <Untrusted>{other.name.slice(0, 200)}</Untrusted>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`Choose ${other.name.slice(0, 100)}`}
                    onClick={() => onPick(other)}
                  >
                    Choose
                  </Button>
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </>
  )
}
