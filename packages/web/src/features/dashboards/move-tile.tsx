import type { TileBody } from '@hedgerow/protocol'
import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { dashboardsQuery } from '../../api-client/dashboards.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './dashboards.module.css'

interface MoveTileProps {
  /** Undefined while nothing is moved. */
  tile: TileBody | undefined
  /** Where it is. */
  from: number | undefined
  onClose: () => void
  onMove: (tile: TileBody, to: { id: number; name: string }) => Promise<unknown>
}

/** Chooses the dashboard that a tile goes to. */
export function MoveTile({ tile, from, onClose, onMove }: MoveTileProps) {
  return (
    <Modal opened={tile !== undefined} onClose={onClose} title="Move to another dashboard" size="md">
      {tile && (
        <Others
          from={from}
          onPick={(to) => {
            onClose()
            void onMove(tile, to)
          }}
        />
      )}
    </Modal>
  )
}

function Others({ from, onPick }: { from: number | undefined; onPick: (to: { id: number; name: string }) => void }) {
  const project = useProject()
  const [search, setSearch] = useState<string>()
  const query = useQuery({ ...dashboardsQuery(project.id, search), placeholderData: (before) => before })
  return (
    <>
      <SearchField value={search} onChange={setSearch} placeholder="Name" label="Search dashboards" />
      <Loaded query={query}>
        {({ results }) => {
          const others = results.filter(({ id }) => id !== from)
          if (others.length === 0) return <Empty title={search ? 'No dashboard matches' : 'There is no other dashboard'} />
          return (
            <ul className={classes.choices}>
              {others.map((dashboard) => (
                <li key={dashboard.id}>
                  <span className={classes.choiceWords}>
                    <Untrusted>{dashboard.name || 'Untitled'}</Untrusted>
                  </span>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`Move here: ${dashboard.name || 'Untitled'}`}
                    onClick={() => onPick(dashboard)}
                  >
                    Move here
                  </Button>
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </>
  )
}
