import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { actionChoicesQuery } from './actions.ts'
import { useProject } from './current-project.tsx'

/** What the actions of a project are called, by their ids; asked only where one is shown. The id itself until that is known. */
export function useActionNames(isAsked: boolean): (id: string | number) => string {
  const project = useProject()
  const { data } = useQuery({ ...actionChoicesQuery(project.id, ''), enabled: isAsked, retry: false })
  return useCallback((id) => data?.find((action) => action.id === Number(id))?.name ?? `Action ${id}`, [data])
}
