import type { LedgerBody } from '@hedgerow/protocol'
import { useQuery } from '@tanstack/react-query'
import { useProject } from '../../api-client/current-project.tsx'
import { ledgerQuery } from '../../api-client/ingestion.ts'
import { Instant } from '../../ui/instant.tsx'
import { countOf, formatCount, formatShare } from '../../ui/numbers.ts'
import { Page, Panel } from '../../ui/page.tsx'
import { Loaded, SkeletonRows } from '../../ui/states.tsx'
import { formatDuration } from '../../ui/time.ts'
import classes from './ingestion-page.module.css'
import { LedgerDrawing } from './ledger-drawing.tsx'
import { formatBytes } from './ledger-layout.ts'
import { ReasonList } from './reason-list.tsx'
import { WarningsPanel } from './warnings-panel.tsx'

export interface IngestionSearch {
  reason?: string | undefined
  kind?: 'rejected' | 'altered' | undefined
  /** The warning that is open. */
  open?: string | undefined
}

interface IngestionPageProps {
  search: IngestionSearch
  onSearch: (change: IngestionSearch) => void
}

export function IngestionPage({ search, onSearch }: IngestionPageProps) {
  const project = useProject()
  const ledger = useQuery(ledgerQuery(project.id))
  return (
    <Page title="Ingestion">
      <Panel title="Ledger" note="Where every event went that this project ever accepted. The lower bar is the upper one, taken apart.">
        <Loaded query={ledger} skeleton={<SkeletonRows rows={3} />} compact>
          {(body) => <LedgerDrawing ledger={body} />}
        </Loaded>
      </Panel>
      <Loaded query={ledger} skeleton={null} compact>
        {(body) => <Facts ledger={body} />}
      </Loaded>
      <Loaded query={ledger} skeleton={null} compact>
        {(body) => (
          <div className={classes.halves}>
            <Panel
              title="Rejected, by reason"
              note={
                body.rejected > 0 && `${countOf(body.rejected, 'event')} not stored, ${formatShare(body.rejected, body.accepted)} of all.`
              }
            >
              <ReasonList
                byReason={body.rejected_by_reason}
                chosen={search.kind === 'rejected' ? search.reason : undefined}
                none="Nothing was rejected."
                onChoose={(reason) => onSearch({ reason, kind: reason ? 'rejected' : undefined })}
              />
            </Panel>
            <Panel title="Stored with changes, by reason" note="These events are stored; something in them was altered or left out.">
              <ReasonList
                byReason={body.warnings_by_reason}
                chosen={search.kind === 'altered' ? search.reason : undefined}
                none="Nothing was altered."
                onChoose={(reason) => onSearch({ reason, kind: reason ? 'altered' : undefined })}
              />
            </Panel>
          </div>
        )}
      </Loaded>
      <WarningsPanel search={search} onSearch={onSearch} />
    </Page>
  )
}

function Facts({ ledger }: { ledger: LedgerBody }) {
  const { used_bytes: usedBytes, limit_bytes: limitBytes } = ledger.event_log
  return (
    <dl className={classes.facts}>
      <div data-level={ledger.stalled ? 'stalled' : ledger.lag_ms > 15_000 ? 'behind' : 'current'}>
        <dt>Lag</dt>
        <dd>{ledger.waiting === 0 ? 'none' : formatDuration(ledger.lag_ms)}</dd>
        <dd className={classes.factNote}>
          {ledger.stalled ??
            (ledger.waiting === 0 ? 'No accepted event waits.' : `Age of the oldest of ${formatCount(ledger.waiting)} that wait.`)}
        </dd>
      </div>
      <div>
        <dt>Last event stored</dt>
        <dd>{ledger.last_event_stored_at ? <Instant at={ledger.last_event_stored_at} style="relative" /> : 'none yet'}</dd>
        <dd className={classes.factNote}>{ledger.last_event_stored_at && <Instant at={ledger.last_event_stored_at} style="full" />}</dd>
      </div>
      <div data-level={usedBytes > limitBytes * 0.8 ? 'behind' : 'current'}>
        <dt>Event log</dt>
        <dd>{formatShare(usedBytes, limitBytes)} full</dd>
        <dd className={classes.factNote}>
          {formatBytes(usedBytes)} of {formatBytes(limitBytes)}, for all projects. When it is full, events are refused with 503 and the SDKs
          try again.
        </dd>
      </div>
    </dl>
  )
}
