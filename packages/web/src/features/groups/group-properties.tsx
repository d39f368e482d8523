import type { GroupBody } from '@hedgerow/protocol'
import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { groupQuery, setGroupProperty } from '../../api-client/groups.ts'
import { PencilIcon, PlusIcon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { PropertyEditor } from '../../ui/property-editor.tsx'
import { PropertyTable } from '../../ui/property-table.tsx'
import { toast } from '../../ui/toasts.tsx'

/** What is known of a group; each property can be set. */
export function GroupProperties({ group }: { group: GroupBody }) {
  const project = useProject()
  const queryClient = useQueryClient()
  const [editing, setEditing] = useState<string>()
  const [isAdding, setIsAdding] = useState(false)
  const { group_type_index: typeIndex, group_key: key, group_properties: properties } = group
  const put = async (name: string, value: unknown) => {
    const answer = await setGroupProperty(project.id, typeIndex, key, name, value)
    if ('group_key' in answer) queryClient.setQueryData(groupQuery(project.id, typeIndex, key).queryKey, answer)
  }
  const set = async (name: string, value: unknown) => {
    await put(name, value)
    // Groups have no event that takes a property away, so a new one cannot be undone.
    const undo = Object.hasOwn(properties, name) ? () => put(name, properties[name]) : undefined
    toast(`“${name.slice(0, 40)}” is set.`, 'done', undo)
  }
  return (
    <Panel
      title="Properties"
      actions={
        <Button size="compact-sm" variant="default" leftSection={<PlusIcon size={13} />} onClick={() => setIsAdding(true)}>
          Add a property
        </Button>
      }
    >
      {isAdding && <PropertyEditor value="" onSave={set} onClose={() => setIsAdding(false)} />}
      <PropertyTable
        properties={properties}
        label="properties of the group"
        instead={({ name, value }) =>
          name === editing && <PropertyEditor name={name} value={value} onSave={set} onClose={() => setEditing(undefined)} />
        }
        rowEnd={({ name }) => (
          <Tooltip label="Edit">
            <ActionIcon variant="subtle" color="gray" size={24} aria-label={`Edit: ${name.slice(0, 80)}`} onClick={() => setEditing(name)}>
              <PencilIcon size={15} />
            </ActionIcon>
          </Tooltip>
        )}
      />
    </Panel>
  )
}
