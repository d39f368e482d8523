import { Badge, Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type ExplainedFlag, explanationQuery } from '../../api-client/flags.ts'
import { groupTypesQuery } from '../../api-client/groups.ts'
import { CheckIcon, CrossIcon, QuestionIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Panel } from '../../ui/page.tsx'
import { valueText } from '../../ui/property-value.ts'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { instantOf, wallClock } from '../../ui/wall-clock.ts'
import { useZone } from '../../ui/zone.tsx'
import { type FlagNames, flagFilterWords, outcomeWords, placeWords } from './flag-words.ts'
import classes from './flags.module.css'
import type { ExplainSearch } from './flags-search.ts'
import { useFlagNames } from './use-flag-names.ts'

interface ExplainPanelProps {
  projectId: number
  /** Without it every flag of the project is explained. */
  flagKey?: string
  search: ExplainSearch
  onSearch: (change: ExplainSearch) => void
}

/** What flags answer to somebody, now or at a past moment, and how every condition came out. */
export function ExplainPanel({ projectId, flagKey, search, onSearch }: ExplainPanelProps) {
  const zone = useZone()
  const names = useFlagNames(projectId)
  const [person, setPerson] = useState(search.person ?? '')
  const groupTypes = useQuery(groupTypesQuery(projectId))
  const [groups, setGroups] = useState(() => groupsIn(search.groups))
  const [at, setAt] = useState(search.at === undefined ? '' : wallClock(search.at, zone))
  const query = useQuery({
    ...explanationQuery(projectId, {
      distinct_id: search.person ?? '',
      ...(search.at === undefined ? {} : { timestamp: search.at }),
      ...(search.groups === undefined ? {} : { groups: groupsIn(search.groups) }),
      ...(flagKey === undefined ? {} : { flag_keys: [flagKey] }),
    }),
    enabled: search.person !== undefined,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const named = Object.entries(groups).filter(([, key]) => key.trim() !== '')
    const next = {
      person: person.trim() || undefined,
      at: instantOf(at, zone),
      groups: named.length === 0 ? undefined : JSON.stringify(Object.fromEntries(named)),
    }
    if (next.person === search.person && next.at === search.at && next.groups === search.groups) void query.refetch()
    else onSearch(next)
  }
  return (
    <div className={classes.stack}>
      <Panel
        title="For whom?"
        note="Properties, groups, cohorts and definitions are those of the moment: of now, or of the past one that you choose."
      >
        <form className={classes.ask} onSubmit={submit}>
          <TextInput
            label="Distinct id"
            placeholder="user-42"
            w={280}
            value={person}
            onChange={(event) => setPerson(event.currentTarget.value)}
            spellCheck={false}
          />
          <TextInput
            label={`When (${zone})`}
            type="datetime-local"
            step={1}
            w={230}
            value={at}
            onChange={(event) => setAt(event.currentTarget.value)}
          />
          {(groupTypes.data ?? []).map(({ group_type: type, name_singular: name }) => (
            <TextInput
              key={type}
              label={`Its ${name || type}`}
              placeholder="key, where it matters"
              w={200}
              value={groups[type] ?? ''}
              onChange={(event) => {
                const key = event.currentTarget.value
                setGroups((before) => ({ ...before, [type]: key }))
              }}
              spellCheck={false}
            />
          ))}
          <Button type="submit" disabled={person.trim() === ''} loading={query.isFetching}>
            Explain
          </Button>
        </form>
      </Panel>
      {search.person === undefined && flagKey === undefined && (
        <Empty title="Why does somebody see what they see?">
          With a distinct id, each flag tells its answer, and which condition decided it: now, or at a moment of the past.
        </Empty>
      )}
      {search.person !== undefined && (
        <Loaded query={query}>
          {(explanation) => (
            <Panel
              title={<Untrusted>{explanation.distinct_id}</Untrusted>}
              note={
                explanation.timestamp ? (
                  <>
                    At <Instant at={explanation.timestamp} style="full" />
                    {explanation.person.as_of ? (
                      <>
                        , with the properties known since <Instant at={explanation.person.as_of} style="full" />
                      </>
                    ) : (
                      ', when nothing was known of them yet'
                    )}
                  </>
                ) : (
                  'Now'
                )
              }
            >
              {explanation.notes.map((note) => (
                <p key={note} className={classes.look}>
                  <Untrusted lines="many">{note}</Untrusted>
                </p>
              ))}
              {explanation.flags.length === 0 ? (
                <Empty title="No flag to explain">
                  {flagKey ? 'The flag was not there yet, or was deleted.' : 'The project had no flags at that moment.'}
                </Empty>
              ) : (
                <ul className={classes.list}>
                  {explanation.flags.map((flag) => (
                    <Explained key={flag.key} flag={flag} names={names} />
                  ))}
                </ul>
              )}
            </Panel>
          )}
        </Loaded>
      )}
    </div>
  )
}

/** What an address says of groups; nothing where it is no such thing. */
function groupsIn(text: string | undefined): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(text ?? '{}')
    if (typeof parsed !== 'object' || parsed === null) return {}
    return Object.fromEntries(Object.entries(parsed).map(([type, key]) => [type, String(key)]))
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

function Explained({ flag, names }: { flag: ExplainedFlag; names: FlagNames }) {
  return (
    <li className={classes.entry}>
      <div className={classes.entryHead}>
        <strong>
          <Untrusted mono>{flag.key}</Untrusted>
        </strong>
        <Badge variant={flag.value === false ? 'outline' : 'light'} color={flag.value === false ? 'gray' : 'hedge'} radius="sm" tt="none">
          {String(flag.value)}
        </Badge>
      </div>
      <p className={classes.soft}>
        <Untrusted lines="many">{flag.reason.description}</Untrusted> <span className={classes.faint}>(version {flag.version})</span>
      </p>
      {flag.dependencies.map(({ key, value }) => (
        <p key={key} className={classes.soft}>
          Depends on <code>{key}</code>, which answers <code>{String(value)}</code>.
        </p>
      ))}
      {flag.payload !== null && (
        <p className={classes.soft}>
          Payload: <Untrusted mono>{flag.payload}</Untrusted>
        </p>
      )}
      {flag.conditions.map((condition) => (
        <Condition
          key={condition.index}
          flagKey={flag.key}
          names={names}
          condition={condition}
          isDeciding={condition.index === flag.reason.condition_index}
        />
      ))}
    </li>
  )
}

interface ConditionProps {
  flagKey: string
  names: FlagNames
  condition: ExplainedFlag['conditions'][number]
  isDeciding: boolean
}

function Condition({ flagKey, names, condition, isDeciding }: ConditionProps) {
  const { index, outcome, filters, rollout_hash: hash, rollout_percentage: rollout, variant, variant_hash: variantHash } = condition
  return (
    <section className={classes.condition} data-outcome={outcome} aria-label={`Set ${index + 1} of ${flagKey}`}>
      <span>
        <strong>Set {index + 1}</strong>: {outcomeWords(outcome)}
        {isDeciding && outcome === 'condition_match' && <span className={classes.faint}> – this one decided</span>}
      </span>
      {filters.length > 0 && (
        <ul className={classes.checks}>
          {filters.map(({ filter, matches, actual }, at) => (
            <li key={`filter-${String(at)}`}>
              <Mark matches={matches} />
              <span>
                <Untrusted lines="many">{flagFilterWords(filter, names)}</Untrusted>
                {filter.type !== 'cohort' && (
                  <span className={classes.faint}>
                    {' – it is '}
                    <Untrusted mono>{actual === null || actual === undefined ? 'not set' : valueText(actual).text}</Untrusted>
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {hash !== null && (
        <div className={classes.tight}>
          <span className={classes.about}>
            Falls at {placeWords(hash)} of 100; the rollout takes those up to {rollout}.
            {variantHash !== null && ` Among the variants at ${placeWords(variantHash)} of 100.`}
            {variant !== null && ` Variant: ${variant}.`}
          </span>
          <div className={classes.line} aria-hidden="true">
            <span className={classes.in} style={{ width: `${rollout}%` }} />
            <span className={classes.place} style={{ left: `${hash * 100}%` }} />
          </div>
        </div>
      )}
    </section>
  )
}

function Mark({ matches }: { matches: boolean | null }) {
  if (matches === null) return <QuestionIcon size={16} />
  return (
    <span className={matches ? classes.good : classes.bad}>
      {matches ? <CheckIcon size={16} /> : <CrossIcon size={16} />}
      <span className={classes.hidden}>{matches ? 'holds: ' : 'does not hold: '}</span>
    </span>
  )
}
