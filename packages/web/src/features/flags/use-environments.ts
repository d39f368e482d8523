import type { FlagBody } from '@hedgerow/protocol'
import { useQueries, useQuery } from '@tanstack/react-query'
import { accountQuery } from '../../api-client/account.ts'
import { flagsQuery } from '../../api-client/flags.ts'

/** Another project of the organization that has some of the same flags. */
export interface Environment {
  id: number
  name: string
  /** By key. */
  flags: ReadonlyMap<string, FlagBody>
}

/** limit: projects that are looked at, and that the list has room for. */
const maxEnvironments = 3

/** The other projects in which the listed flags are, too. */
export function useEnvironments(projectId: number, listed: readonly FlagBody[]): Environment[] {
  const account = useQuery(accountQuery)
  const others = (account.data?.organization?.projects ?? []).filter(({ id }) => id !== projectId).slice(0, maxEnvironments)
  const answers = useQueries({ queries: others.map(({ id }) => flagsQuery(id, {})) })
  return others.flatMap(({ id, name }, index) => {
    const flags = new Map((answers[index]?.data?.results ?? []).map((flag) => [flag.key, flag]))
    return listed.some(({ key }) => flags.has(key)) ? [{ id, name, flags }] : []
  })
}
