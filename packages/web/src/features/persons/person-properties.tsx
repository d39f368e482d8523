import type { PersonBody } from '@hedgerow/protocol'
import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { describeError } from '../../api-client/errors.ts'
import { deletePersonProperty, keepPerson, setPersonProperty } from '../../api-client/persons.ts'
import { HistoryIcon, PencilIcon, PlusIcon, TrashIcon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { PropertyEditor } from '../../ui/property-editor.tsx'
import { PropertyTable } from '../../ui/property-table.tsx'
import { toast } from '../../ui/toasts.tsx'
import type { PersonSearch } from './person-page.tsx'
import { PropertyHistory } from './property-history.tsx'

interface PersonPropertiesProps {
  person: PersonBody
  search: PersonSearch
  onSearch: (change: PersonSearch) => void
}

/** What is known of somebody, now and over time; each property can be set, taken away and followed back. */
export function PersonProperties({ person, search, onSearch }: PersonPropertiesProps) {
  const [editing, setEditing] = useState<string>()
  const [isAdding, setIsAdding] = useState(false)
  const { set, remove } = usePropertyChanges(person)
  const isPast = search.past !== undefined
  return (
    <Panel
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label="Properties of when"
            value={isPast ? 'past' : 'now'}
            onChange={(value) => onSearch({ past: value === 'past' ? 'all' : undefined, of: undefined })}
            data={[
              { value: 'now', label: 'Now' },
              { value: 'past', label: 'Over time' },
            ]}
          />
          {!isPast && (
            <Button size="compact-sm" variant="default" leftSection={<PlusIcon size={13} />} onClick={() => setIsAdding(true)}>
              Add a property
            </Button>
          )}
        </>
      }
      title={isPast ? 'How they changed' : 'Properties'}
      note={isPast ? 'As each event left them, newest first.' : undefined}
    >
      {isPast ? (
        <PropertyHistory personId={person.id} of={search.of} onOf={(of) => onSearch({ of })} onOpen={(open) => onSearch({ open })} />
      ) : (
        <>
          {isAdding && <PropertyEditor value="" onSave={set} onClose={() => setIsAdding(false)} />}
          <PropertyTable
            properties={person.properties}
            label="the person's properties"
            none="This person has no properties. Apps set them with identify, or with $set in any event."
            instead={({ name, value }) =>
              name === editing && <PropertyEditor name={name} value={value} onSave={set} onClose={() => setEditing(undefined)} />
            }
            rowEnd={({ name }) => (
              <>
                <RowButton label="How it changed" of={name} onClick={() => onSearch({ past: 'all', of: name })}>
                  <HistoryIcon size={15} />
                </RowButton>
                <RowButton label="Edit" of={name} onClick={() => setEditing(name)}>
                  <PencilIcon size={15} />
                </RowButton>
                <RowButton label="Remove" of={name} onClick={() => void remove(name)}>
                  <TrashIcon size={15} />
                </RowButton>
              </>
            )}
          />
        </>
      )}
    </Panel>
  )
}

function RowButton({ label, of, onClick, children }: { label: string; of: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={`${label}: ${of.slice(0, 80)}`} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}

/** Each change is an event of the person; undoing one is another. */
function usePropertyChanges(person: PersonBody) {
  const project = useProject()
  const queryClient = useQueryClient()
  const keep = async (answer: PersonBody | { status: 'queued' }) => {
    if ('id' in answer) keepPerson(queryClient, project.id, answer)
    await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'person', person.id, 'property-history'] })
    return 'id' in answer
  }
  const put = async (name: string, value: unknown) => keep(await setPersonProperty(project.id, person.id, name, value))
  const take = async (name: string) => keep(await deletePersonProperty(project.id, person.id, name))
  const backTo = (name: string) => async () => (Object.hasOwn(person.properties, name) ? put(name, person.properties[name]) : take(name))
  const shown = (name: string) => (name.length > 40 ? `${name.slice(0, 40)}…` : name)
  return {
    async set(name: string, value: unknown) {
      const isDone = await put(name, value)
      toast(isDone ? `“${shown(name)}” is set.` : `“${shown(name)}” will be set in a moment.`, 'done', backTo(name))
    },
    async remove(name: string) {
      try {
        await take(name)
        toast(`“${shown(name)}” is removed.`, 'done', backTo(name))
      } catch (error) {
        toast(`Not removed: ${describeError(error).cause}`, 'failed')
      }
    },
  }
}
