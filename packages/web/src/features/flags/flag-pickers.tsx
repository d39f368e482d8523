import type { FlagFilter } from '@hedgerow/protocol'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { propertyChoicesQuery } from '../../api-client/definitions.ts'
import { flagChoicesQuery } from '../../api-client/flags.ts'
import { propertyLabel } from '../../query-model/operators.ts'
import { PickList } from '../../ui/pick-list.tsx'

interface PickerProps {
  label: string
  className: string | undefined
  children: ReactNode
}

export type ChosenOwner = Pick<FlagFilter, 'type' | 'key' | 'group_type_index'>

interface OwnPropertyPickerProps extends PickerProps {
  groupTypeIndex: number | null
  onPick: (chosen: ChosenOwner) => void
}

/** A property of persons, or of one type of groups; also one that was not seen yet. */
export function OwnPropertyPicker({ groupTypeIndex, onPick, children, ...button }: OwnPropertyPickerProps) {
  const project = useProject()
  const [search, setSearch] = useState<string>()
  const owner = groupTypeIndex === null ? ({ type: 'person' } as const) : ({ type: 'group', group_type_index: groupTypeIndex } as const)
  const found = useQuery({
    ...propertyChoicesQuery(project.id, { type: owner.type, search: search ?? '', groupTypeIndex: groupTypeIndex ?? undefined }),
    enabled: search !== undefined,
    placeholderData: (before) => before,
  })
  return (
    <PickList
      {...button}
      isLoading={found.isFetching}
      onSearch={setSearch}
      placeholder="Search properties, or type one"
      groups={[{ label: '', options: (found.data ?? []).map(({ name }) => ({ value: name, label: propertyLabel(name) })) }]}
      offersTyped={(typed) => ({ value: typed, label: typed, about: 'Use what is typed' })}
      onPick={(key) => onPick({ ...owner, key })}
    >
      {children}
    </PickList>
  )
}

interface FlagPickerProps extends PickerProps {
  /** The flag that is edited: it cannot depend on itself. */
  exceptId: number | undefined
  onPick: (flag: { id: string; key: string }) => void
}

export function FlagPicker({ exceptId, onPick, children, ...button }: FlagPickerProps) {
  const project = useProject()
  const [search, setSearch] = useState<string>()
  const found = useQuery({
    ...flagChoicesQuery(project.id, search ?? ''),
    enabled: search !== undefined,
    placeholderData: (before) => before,
  })
  const flags = (found.data ?? []).filter(({ id }) => id !== exceptId)
  return (
    <PickList
      {...button}
      isLoading={found.isFetching}
      onSearch={setSearch}
      placeholder="Search flags"
      groups={[{ label: '', options: flags.map(({ id, key, name }) => ({ value: `${id}:${key}`, label: key, about: name })) }]}
      onPick={(picked) => {
        const [id = '', ...key] = picked.split(':')
        onPick({ id, key: key.join(':') })
      }}
    >
      {children}
    </PickList>
  )
}
