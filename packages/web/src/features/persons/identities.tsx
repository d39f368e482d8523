import type { PersonBody, PersonMergeBody } from '@hedgerow/protocol'
import { ActionIcon, Tooltip } from '@mantine/core'
import { CopyIconButton } from '../../ui/copy.tsx'
import { MergeIcon, PersonIcon, SplitIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { mergeWords } from '../../ui/merge-words.ts'
import { countOf } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { identityIds } from './identity.ts'
import classes from './person-page.module.css'

interface IdentitiesProps {
  person: PersonBody
  merges: PersonMergeBody[]
  onSplitOff: (distinctId: string) => void
  onOpen: (eventId: string) => void
}

/** The person's ids, and in which order which event brought them together; each can be taken out again. */
export function Identities({ person, merges, onSplitOff, onOpen }: IdentitiesProps) {
  const ids = identityIds(person.distinct_ids, merges)
  return (
    <div className={classes.identities}>
      <Panel title={countOf(ids.length, 'distinct id')} note="Events sent with any of these belong to this person.">
        <ul className={classes.allIds}>
          {ids.map(({ distinctId, isAnonymous }) => (
            <li key={distinctId}>
              <span className={classes.copyable}>
                <Untrusted>{distinctId}</Untrusted>
                <CopyIconButton text={distinctId} label="Copy the distinct id" />
              </span>
              <span className={classes.idEnd}>
                {isAnonymous && <span className={classes.tag}>anonymous</span>}
                {ids.length > 1 && (
                  <Tooltip label="Split this id off">
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      size={26}
                      aria-label={`Split off ${distinctId.slice(0, 100)}`}
                      onClick={() => onSplitOff(distinctId)}
                    >
                      <SplitIcon size={15} />
                    </ActionIcon>
                  </Tooltip>
                )}
              </span>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title="How they came together" note="Which event joined or split which id, oldest first.">
        <ol className={classes.history}>
          <li>
            <span className={classes.historySign}>
              <PersonIcon size={15} />
            </span>
            <div>
              <p>The profile was made.</p>
              <p className={classes.when}>
                <Instant at={person.created_at} style="full" />
              </p>
            </div>
          </li>
          {merges.map((merge) => (
            <li key={`${merge.event_uuid} ${merge.kind} ${merge.distinct_id} ${merge.occurred_at}`} data-kind={merge.kind}>
              <span className={classes.historySign}>{merge.kind === 'split' ? <SplitIcon size={15} /> : <MergeIcon size={15} />}</span>
              <div className={classes.historyWords}>
                <p>
                  <strong className={classes.historyId}>
                    <Untrusted>{merge.distinct_id}</Untrusted>
                  </strong>{' '}
                  {mergeWords(merge)}
                </p>
                <p className={classes.when}>
                  <Instant at={merge.occurred_at} style="full" />
                  {merge.event_uuid && <EventLink id={merge.event_uuid} onOpen={onOpen} />}
                </p>
              </div>
            </li>
          ))}
        </ol>
        {merges.length === 0 && <p className={classes.when}>Nothing was merged into this person.</p>}
      </Panel>
    </div>
  )
}

function EventLink({ id, onOpen }: { id: string; onOpen: (eventId: string) => void }) {
  return (
    <span className={classes.copyable}>
      <button type="button" className={classes.textButton} onClick={() => onOpen(id)} aria-label={`Open the event ${id}`}>
        the event
      </button>
      <CopyIconButton text={id} label="Copy the event id" />
    </span>
  )
}
