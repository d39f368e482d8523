import type { WarningBody } from '@hedgerow/protocol'
import { SegmentedControl } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useProject } from '../../api-client/current-project.tsx'
import { warningsQuery } from '../../api-client/ingestion.ts'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { CrossIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { reasonText } from '../../ui/reasons.ts'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { TablePanel } from '../../ui/table-panel.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useTableRows } from '../../ui/use-table-rows.ts'
import classes from './ingestion-page.module.css'
import type { IngestionSearch } from './ingestion-page.tsx'
import { WarningDrawer } from './warning-drawer.tsx'

interface WarningsPanelProps {
  search: IngestionSearch
  onSearch: (change: IngestionSearch) => void
}

/** The latest events that were rejected or altered, one by one. */
export function WarningsPanel({ search, onSearch }: WarningsPanelProps) {
  const project = useProject()
  const rejected = search.kind === undefined ? undefined : search.kind === 'rejected'
  const query = useInfiniteQuery({ ...warningsQuery(project.id, { reason: search.reason, rejected }), placeholderData: (before) => before })
  const { rows, total, paging } = useTableRows(query)
  const open = rows.find(({ id }) => id === search.open)
  return (
    <div className={classes.warnings} data-empty={rows.length === 0}>
      <TablePanel
        toolbar={
          <>
            <h2 className={classes.warningsTitle}>Warnings</h2>
            <SegmentedControl
              size="xs"
              aria-label="Which warnings"
              value={search.kind ?? 'all'}
              onChange={(kind) => onSearch({ kind: kind === 'rejected' || kind === 'altered' ? kind : undefined, reason: undefined })}
              data={[
                { value: 'all', label: 'All' },
                { value: 'rejected', label: 'Rejected' },
                { value: 'altered', label: 'Altered' },
              ]}
            />
            {search.reason !== undefined && (
              <button type="button" className={classes.pill} onClick={() => onSearch({ reason: undefined })}>
                {reasonText(search.reason).title}
                <CrossIcon size={13} />
              </button>
            )}
          </>
        }
        note={query.data && countOf(total, 'warning')}
      >
        {query.isPending ? (
          <SkeletonRows rows={6} />
        ) : query.error && rows.length === 0 ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <Empty title={search.kind || search.reason ? 'No such warnings' : 'Nothing to warn of'}>
            {search.kind || search.reason
              ? 'Nothing was rejected or altered for this reason, or it is so long ago that only the count is kept.'
              : 'Every event was stored as it was sent.'}
          </Empty>
        ) : (
          <DataTable
            label="Warnings, newest first"
            columns={columns(({ id }) => onSearch({ open: id }))}
            rows={rows}
            rowKey={({ id }) => id}
            isSelected={({ id }) => id === open?.id}
            totalRows={total}
            {...paging}
          />
        )}
      </TablePanel>
      <WarningDrawer warning={open} onClose={() => onSearch({ open: undefined })} />
    </div>
  )
}

const columns = (onOpen: (warning: WarningBody) => void): Column<WarningBody>[] => [
  {
    id: 'reason',
    header: 'What happened',
    width: 'minmax(220px, 1.4fr)',
    narrowWidth: 'minmax(0, 1fr)',
    cell: (warning) => (
      <button type="button" className={rowLinkClass} onClick={() => onOpen(warning)}>
        <span className={classes.dot} data-rejected={warning.rejected} aria-hidden="true" />
        <span className={classes.clip}>{reasonText(warning.reason).title}</span>
      </button>
    ),
  },
  {
    id: 'event',
    header: 'Event',
    width: 'minmax(110px, 0.8fr)',
    cell: (warning) => (warning.event === null ? <span className={classes.faint}>unknown</span> : <Untrusted>{warning.event}</Untrusted>),
  },
  {
    id: 'distinct',
    header: 'Distinct id',
    width: 'minmax(110px, 0.8fr)',
    cell: (warning) =>
      warning.distinct_id === null ? <span className={classes.faint}>unknown</span> : <Untrusted>{warning.distinct_id}</Untrusted>,
  },
  {
    id: 'detail',
    header: 'Detail',
    width: 'minmax(160px, 1.4fr)',
    cell: (warning) => (
      <span className={classes.faint}>
        <Untrusted>{warning.detail}</Untrusted>
      </span>
    ),
  },
  {
    id: 'time',
    header: 'When',
    width: '96px',
    narrowWidth: '84px',
    align: 'end',
    cell: (warning) => <Instant at={warning.occurred_at} style="relative" />,
  },
]
