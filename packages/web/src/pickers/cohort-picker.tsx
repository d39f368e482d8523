import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { cohortChoicesQuery } from '../api-client/cohorts.ts'
import { useProject } from '../api-client/current-project.tsx'
import { formatCompact } from '../ui/numbers.ts'
import { PickList } from '../ui/pick-list.tsx'

interface CohortPickerProps {
  label: string
  children: ReactNode
  value?: number | undefined
  onPick: (cohort: { id: number; name: string }) => void
  className?: string
  isOpenInitially?: boolean
}

export function CohortPicker({ label, children, value, onPick, className, isOpenInitially = false }: CohortPickerProps) {
  const [search, setSearch] = useState<string>()
  const choices = useCohortChoices(search)
  return (
    <PickList
      label={label}
      placeholder="Search cohorts"
      {...choices}
      onSearch={setSearch}
      value={choices.groups[0]?.options.find((option) => option.value.startsWith(`${value}:`))?.value}
      isOpenInitially={isOpenInitially}
      onPick={(picked) => {
        const [id, ...name] = picked.split(':')
        onPick({ id: Number(id), name: name.join(':') })
      }}
      {...(className === undefined ? {} : { className })}
    >
      {children}
    </PickList>
  )
}

function useCohortChoices(search: string | undefined) {
  const project = useProject()
  const query = useQuery({
    ...cohortChoicesQuery(project.id, search ?? ''),
    enabled: search !== undefined,
    placeholderData: (before) => before,
    retry: false,
  })
  return {
    isLoading: query.isFetching,
    groups: [
      {
        label: '',
        options: (query.data ?? []).map(({ id, name, count, description }) => ({
          value: `${id}:${name}`,
          label: name,
          detail: count === null ? '' : formatCompact(count),
          ...(description ? { about: description } : {}),
        })),
      },
    ],
  }
}
