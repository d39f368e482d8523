import type { PropertyChangeBody } from '@hedgerow/protocol'
import { Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { propertyHistoryQuery } from '../../api-client/persons.ts'
import { eventLabel } from '../../ui/event-name.ts'
import { CrossIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { EventMark } from '../../ui/mark.tsx'
import { countOf } from '../../ui/numbers.ts'
import { kindOf, valueText } from '../../ui/property-value.ts'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { type ChangeGroup, groupChanges, isSdkOnly } from './property-changes.ts'
import classes from './property-history.module.css'

interface PropertyHistoryProps {
  personId: string
  /** One property; all without it. */
  of: string | undefined
  onOf: (name: string | undefined) => void
  onOpen: (eventId: string) => void
}

/** Which event gave a person which values, newest first. */
export function PropertyHistory({ personId, of, onOf, onOpen }: PropertyHistoryProps) {
  const project = useProject()
  const query = useQuery(propertyHistoryQuery(project.id, personId, of))
  const [hasSdk, setHasSdk] = useState(false)
  const groups = useMemo(() => groupChanges(query.data?.results ?? []), [query.data])
  const shown = hasSdk || of !== undefined ? groups : groups.filter((group) => !isSdkOnly(group))
  const hidden = groups.length - shown.length
  return (
    <Loaded query={query}>
      {({ is_cut: isCut }) => (
        <div className={classes.whole}>
          <div className={classes.bar}>
            {of !== undefined && (
              <button type="button" className={classes.pill} onClick={() => onOf(undefined)} aria-label={`Only ${of}: show every property`}>
                Only <Untrusted>{of}</Untrusted>
                <CrossIcon size={13} />
              </button>
            )}
            {of === undefined && (
              <Checkbox
                size="xs"
                label="Also what SDKs set by themselves"
                checked={hasSdk}
                onChange={(event) => setHasSdk(event.currentTarget.checked)}
              />
            )}
          </div>
          {shown.length === 0 ? (
            <Empty title="No change is known">
              {hidden > 0
                ? `Only properties that SDKs set by themselves changed, with ${countOf(hidden, 'event')}.`
                : 'Changes are read from events that are stored with a person.'}
            </Empty>
          ) : (
            <ol className={classes.groups} aria-label="Changes, newest first">
              {shown.map((group) => (
                <Group key={group.eventId} group={group} hasSdk={hasSdk || of !== undefined} onOf={onOf} onOpen={onOpen} />
              ))}
            </ol>
          )}
          {isCut && <p className={classes.note}>Earlier changes are left out.</p>}
        </div>
      )}
    </Loaded>
  )
}

interface GroupProps extends Pick<PropertyHistoryProps, 'onOf' | 'onOpen'> {
  group: ChangeGroup
  hasSdk: boolean
}

function Group({ group, hasSdk, onOf, onOpen }: GroupProps) {
  const own = group.changes.filter(({ key }) => hasSdk || !key.startsWith('$'))
  const left = group.changes.length - own.length
  return (
    <li className={classes.group}>
      <p className={classes.head}>
        <EventMark name={group.event} />
        <button type="button" className={classes.event} onClick={() => onOpen(group.eventId)}>
          <Untrusted>{eventLabel(group.event)}</Untrusted>
        </button>
        <span className={classes.when}>
          <Instant at={group.at} style="full" />
        </span>
      </p>
      <dl className={classes.changes}>
        {own.map((change) => (
          <div key={change.key}>
            <dt>
              <button type="button" className={classes.name} onClick={() => onOf(change.key)}>
                <Untrusted>{change.key}</Untrusted>
              </button>
            </dt>
            <dd>
              <Values change={change} />
            </dd>
          </div>
        ))}
      </dl>
      {left > 0 && <p className={classes.note}>and {countOf(left, 'property', 'properties')} of the SDK</p>}
    </li>
  )
}

/** An instant as it reads among the present properties. */
function Value({ value }: { value: unknown }) {
  if (kindOf(value) === 'instant') return <Instant at={String(value)} style="full" />
  return <Untrusted>{valueText(value, 160).text}</Untrusted>
}

function Values({ change }: { change: PropertyChangeBody }) {
  const hasBefore = 'before' in change
  const hasAfter = 'after' in change
  return (
    <span className={classes.values}>
      {hasBefore && (
        <del>
          <Value value={change.before} />
        </del>
      )}
      {hasBefore && hasAfter && <span aria-hidden="true">→</span>}
      {hasAfter ? (
        <ins>
          <Value value={change.after} />
        </ins>
      ) : (
        <span className={classes.removed}>removed</span>
      )}
    </span>
  )
}
