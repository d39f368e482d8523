import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { cohortChoicesQuery } from './cohorts.ts'
import { useProject } from './current-project.tsx'

/** What the cohorts of a project are called, by their ids; asked only where one is shown. The id itself until that is known. */
export function useCohortNames(isAsked: boolean): (id: string | number) => string {
  const project = useProject()
  const { data } = useQuery({ ...cohortChoicesQuery(project.id, ''), enabled: isAsked, retry: false })
  return useCallback(
    (id) => {
      if (id === 'all' || String(id) === '0') return 'Everyone'
      return data?.find((cohort) => cohort.id === Number(id))?.name ?? `Cohort ${id}`
    },
    [data],
  )
}
