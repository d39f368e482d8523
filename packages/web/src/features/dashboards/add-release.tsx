import type { TileBody } from '@hedgerow/protocol'
import { Button } from '@mantine/core'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { experimentsQuery } from '../../api-client/experiments.ts'
import { flagsQuery } from '../../api-client/flags.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './dashboards.module.css'
import { experimentStates, flagState } from './release-words.ts'

interface ReleaseListProps {
  tiles: readonly TileBody[]
  onRelease: (shown: { feature_flag: number } | { experiment: number }) => Promise<unknown>
}

/** Feature flags to put onto a dashboard. */
export function FlagList({ tiles, onRelease }: ReleaseListProps) {
  const project = useProject()
  const [search, setSearch] = useState<string>()
  const query = useQuery({ ...flagsQuery(project.id, { search }), placeholderData: (before) => before })
  return (
    <>
      <SearchField value={search} onChange={setSearch} placeholder="Key or name" label="Search feature flags" />
      <Choices
        query={query}
        nothing={search ? 'No flag matches' : 'No feature flags yet'}
        choiceOf={(flag) => ({ id: flag.id, name: flag.key, about: flagState(flag).label })}
        isShown={(id) => tiles.some(({ feature_flag: flag }) => flag?.id === id)}
        onAdd={(id) => onRelease({ feature_flag: id })}
      />
    </>
  )
}

/** Experiments to put onto a dashboard. */
export function ExperimentList({ tiles, onRelease }: ReleaseListProps) {
  const project = useProject()
  const [search, setSearch] = useState<string>()
  const query = useQuery({ ...experimentsQuery(project.id, { search }), placeholderData: (before) => before })
  return (
    <>
      <SearchField value={search} onChange={setSearch} placeholder="Name or flag" label="Search experiments" />
      <Choices
        query={query}
        nothing={search ? 'No experiment matches' : 'No experiments yet'}
        choiceOf={({ id, name, status }) => ({ id, name, about: experimentStates[status].label })}
        isShown={(id) => tiles.some(({ experiment }) => experiment?.id === id)}
        onAdd={(id) => onRelease({ experiment: id })}
      />
    </>
  )
}

interface ChoicesProps<Row> {
  query: UseQueryResult<{ results: Row[] }>
  nothing: string
  choiceOf: (row: Row) => { id: number; name: string; about: string }
  isShown: (id: number) => boolean
  onAdd: (id: number) => Promise<unknown>
}

function Choices<Row>({ query, nothing, choiceOf, isShown, onAdd }: ChoicesProps<Row>) {
  const [busyId, setBusyId] = useState<number>()
  const add = async (id: number) => {
    setBusyId(id)
    await onAdd(id)
    setBusyId(undefined)
  }
  return (
    <Loaded query={query}>
      {({ results }) =>
        results.length === 0 ? (
          <Empty title={nothing} />
        ) : (
          <ul className={classes.choices}>
            {results.map(choiceOf).map(({ id, name, about }) => (
              <li key={id}>
                <span className={classes.choiceWords}>
                  <Untrusted>{name}</Untrusted>
                  <span className={classes.faint}>{about}</span>
                </span>
                <Button size="compact-sm" variant="default" disabled={isShown(id)} loading={busyId === id} onClick={() => void add(id)}>
                  {isShown(id) ? 'Added' : 'Add'}
                </Button>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  )
}
