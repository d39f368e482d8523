import { useQuery } from '@tanstack/react-query'
import { groupTypesQuery } from '../../api-client/groups.ts'
import type { GroupNames } from './flag-words.ts'

/** What one group of each type is called in a project. */
export function useGroupNames(projectId: number): GroupNames {
  const { data } = useQuery(groupTypesQuery(projectId))
  return new Map((data ?? []).map(({ group_type_index: index, group_type: type, name_singular: name }) => [index, name || type]))
}
