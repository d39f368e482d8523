import type { WarningBody } from '@hedgerow/protocol'
import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { CopyIconButton } from '../../ui/copy.tsx'
import { Instant } from '../../ui/instant.tsx'
import { reasonText } from '../../ui/reasons.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './ingestion-page.module.css'

/** One warning in full: what it means, what to do, and what is known of the event. */
export function WarningDrawer({ warning, onClose }: { warning: WarningBody | undefined; onClose: () => void }) {
  const isNarrow = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  const text = warning && reasonText(warning.reason)
  return (
    <Drawer
      opened={warning !== undefined}
      onClose={onClose}
      position="right"
      size={isNarrow ? '100%' : 520}
      title={text?.title}
      overlayProps={{ backgroundOpacity: 0.15 }}
    >
      {warning && text && (
        <div className={classes.warning}>
          <p className={classes.outcome} data-rejected={warning.rejected}>
            {warning.rejected ? 'The event was not stored.' : 'The event was stored.'}
          </p>
          <section>
            <h3>What it means</h3>
            <p>{text.means}</p>
          </section>
          <section>
            <h3>What to do</h3>
            <p>{text.doThis}</p>
          </section>
          <section>
            <h3>This event</h3>
            <dl className={classes.warningFacts}>
              <Fact term="Detail" value={warning.detail} />
              <Fact term="Event" value={warning.event} />
              <Fact term="Distinct id" value={warning.distinct_id} />
              <Fact term="Event id" value={warning.event_uuid} />
              <div className={classes.warningFact}>
                <dt>When</dt>
                <dd>
                  <Instant at={warning.occurred_at} style="full" />
                </dd>
              </div>
              <Fact term="Code" value={warning.reason} />
            </dl>
          </section>
        </div>
      )}
    </Drawer>
  )
}

function Fact({ term, value }: { term: string; value: string | null }) {
  return (
    <div className={classes.warningFact}>
      <dt>{term}</dt>
      <dd>
        {value === null ? (
          <span className={classes.faint}>unknown</span>
        ) : (
          <>
            <Untrusted lines="many">{value.slice(0, 4000)}</Untrusted>
            <CopyIconButton text={value} label={`Copy: ${term.toLowerCase()}`} />
          </>
        )}
      </dd>
    </div>
  )
}
