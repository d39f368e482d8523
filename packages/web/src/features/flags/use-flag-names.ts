import { useQuery } from '@tanstack/react-query'
import { cohortChoicesQuery } from '../../api-client/cohorts.ts'
import { flagChoicesQuery } from '../../api-client/flags.ts'
import { groupTypesQuery } from '../../api-client/groups.ts'
import type { FlagNames } from './flag-words.ts'

/** What conditions name by number, by its name. */
export function useFlagNames(projectId: number): FlagNames {
  const groups = useQuery(groupTypesQuery(projectId))
  const cohorts = useQuery(cohortChoicesQuery(projectId, ''))
  const flags = useQuery(flagChoicesQuery(projectId, ''))
  return {
    groups: new Map((groups.data ?? []).map(({ group_type_index: index, group_type: type, name_singular: name }) => [index, name || type])),
    cohorts: new Map((cohorts.data ?? []).map(({ id, name }) => [String(id), name])),
    flags: new Map((flags.data ?? []).map(({ id, key }) => [String(id), key])),
  }
}
