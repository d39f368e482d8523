import type { VerdictBody } from '@hedgerow/protocol'
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyIconButton } from '../../ui/copy.tsx'
import { Instant } from '../../ui/instant.tsx'
import { reasonText } from '../../ui/reasons.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './verdict-detail.module.css'

/** Why an event was not stored, or what was altered in it, and what to do. */
export function VerdictWords({ verdict, projectId }: { verdict: VerdictBody; projectId: number }) {
  const text = verdict.reason === null ? undefined : reasonText(verdict.reason)
  const kind = verdict.verdict === 'rejected' ? 'rejected' : 'altered'
  return (
    <div className={classes.why} data-verdict={verdict.verdict} role="note">
      <p className={classes.whyTitle}>{text?.title ?? 'It came again'}</p>
      <p>{text?.means ?? 'An event with this id is stored already: the SDK sent it more than once, so this copy was dropped.'}</p>
      {verdict.detail !== '' && verdict.reason !== null && (
        <p className={classes.whyDetail}>
          <Untrusted lines="many">{verdict.detail}</Untrusted>
        </p>
      )}
      <p>
        <strong>What to do.</strong>{' '}
        {text?.doThis ??
          'Nothing, if it happens now and then: SDKs send again when they got no answer. If it happens much, look whether two copies of the SDK run.'}
      </p>
      {verdict.reason !== null && (
        <Link to="/project/$projectId/ingestion" params={{ projectId }} search={{ kind, reason: verdict.reason }}>
          All of this reason
        </Link>
      )}
    </div>
  )
}

interface VerdictDetailProps {
  verdict: VerdictBody
  projectId: number
  onOpen: (eventId: string) => void
}

/** An event that was not stored: all that is kept of it. */
export function VerdictDetail({ verdict, projectId, onOpen }: VerdictDetailProps) {
  const { event_uuid: uuid, event, distinct_id: distinctId, occurred_at: at } = verdict
  return (
    <div className={classes.refused}>
      <VerdictWords verdict={verdict} projectId={projectId} />
      <dl className={classes.refusedFacts}>
        <div>
          <dt>Received</dt>
          <dd>
            <Instant at={at} style="full" />
          </dd>
        </div>
        <Fact term="Distinct id" value={distinctId} />
        <Fact term="Event id" value={uuid} />
      </dl>
      {verdict.verdict === 'repeated' && uuid !== null && (
        <Button variant="default" size="xs" onClick={() => onOpen(uuid)}>
          Open the one that is stored
        </Button>
      )}
      <CodeBlock
        language="json"
        wrap
        caption="What is kept of it"
        code={JSON.stringify(
          { uuid, event, distinct_id: distinctId, received_at: at, verdict: verdict.verdict, reason: verdict.reason },
          null,
          2,
        )}
      />
    </div>
  )
}

function Fact({ term, value }: { term: string; value: string | null }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd className={classes.refusedId}>
        {value === null ? (
          'unknown'
        ) : (
          <>
            <Untrusted>{value}</Untrusted>
            <CopyIconButton text={value} label={`Copy: ${term.toLowerCase()}`} />
          </>
        )}
      </dd>
    </div>
  )
}
