import { Drawer, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { savedSqlQuery, sqlHistoryQuery } from '../../api-client/sql.ts'
import { rawOf, textOf } from '../../query-model/reading.ts'
import { Instant } from '../../ui/instant.tsx'
import { formatCompact } from '../../ui/numbers.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { formatDuration } from '../../ui/time.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './sql.module.css'
import { readSqlInsight } from './sql-node.ts'
import type { SqlTab } from './sql-tabs.ts'

interface LibraryDrawerProps {
  opened: 'saved' | 'history' | undefined
  onOpened: (which: 'saved' | 'history' | undefined) => void
  onOpen: (text: string, fields?: Partial<SqlTab>) => void
}

/** Queries to take up again: those that were saved, and those that this account asked. */
export function LibraryDrawer({ opened, onOpened, onOpen }: LibraryDrawerProps) {
  return (
    <Drawer opened={opened !== undefined} onClose={() => onOpened(undefined)} position="right" size={520} title="Queries">
      {opened && (
        <Tabs value={opened} onChange={(next) => onOpened(next === 'history' ? 'history' : 'saved')}>
          <Tabs.List mb="sm">
            <Tabs.Tab value="saved">Saved</Tabs.Tab>
            <Tabs.Tab value="history">History</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="saved">{opened === 'saved' && <Saved onOpen={onOpen} />}</Tabs.Panel>
          <Tabs.Panel value="history">{opened === 'history' && <History onOpen={onOpen} />}</Tabs.Panel>
        </Tabs>
      )}
    </Drawer>
  )
}

function Saved({ onOpen }: Pick<LibraryDrawerProps, 'onOpen'>) {
  const project = useProject()
  const saved = useQuery(savedSqlQuery(project.id))
  return (
    <Loaded query={saved}>
      {(insights) =>
        insights.length === 0 ? (
          <Empty title="No saved queries">“Save” keeps a query under a name, for everybody in the project and for dashboards.</Empty>
        ) : (
          <ul className={classes.queries}>
            {insights.map((insight) => {
              const read = readSqlInsight(insight.query)
              if (!read) return null
              const name = insight.name || insight.derived_name || 'Untitled'
              return (
                <li key={insight.id}>
                  <button
                    type="button"
                    onClick={() =>
                      onOpen(read.text, {
                        name,
                        view: read.view,
                        chart: read.chart,
                        saved: { id: insight.id, shortId: insight.short_id, text: read.text },
                      })
                    }
                  >
                    <strong>
                      <Untrusted>{name}</Untrusted>
                    </strong>
                    <code>{read.text}</code>
                    <span className={classes.faint}>
                      changed <Instant at={insight.last_modified_at} style="relative" />
                    </span>
                  </button>
                </li>
              )
            })}
          </ul>
        )
      }
    </Loaded>
  )
}

function History({ onOpen }: Pick<LibraryDrawerProps, 'onOpen'>) {
  const project = useProject()
  const [search, setSearch] = useState<string>()
  const history = useQuery({ ...sqlHistoryQuery(project.id, search), placeholderData: (before) => before })
  return (
    <>
      <SearchField value={search} onChange={setSearch} placeholder="Part of a query" label="Search history" />
      <Loaded query={history}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={search ? 'No query matches' : 'Nothing asked yet'} />
          ) : (
            <ul className={classes.queries}>
              {rows.map((row) => {
                const text = textOf(rawOf(row.query).query) ?? ''
                return (
                  <li key={row.id}>
                    <button type="button" onClick={() => onOpen(text)}>
                      <code>{text}</code>
                      <span className={classes.faint} data-tone={row.error_code ? 'failed' : undefined}>
                        <Instant at={row.started_at} style="relative" /> ·{' '}
                        {row.error ?? row.error_code ?? `${formatDuration(row.duration_ms)} · ${formatCompact(row.rows_read)} rows read`}
                      </span>
                    </button>
                  </li>
                )
              })}
            </ul>
          )
        }
      </Loaded>
    </>
  )
}
