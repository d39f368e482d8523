import type { FlagBody } from '@hedgerow/protocol'
import { SegmentedControl, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { type FlagUsage, flagStatusQuery, flagUsageQuery } from '../../api-client/flags.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf, formatCount } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { AnswerTable } from './answer-table.tsx'
import { type FlagSnippet, flagSnippets } from './flag-snippets.ts'
import { setWords } from './flag-words.ts'
import classes from './flags.module.css'
import { answerTotals, dayTotals } from './usage-totals.ts'
import { useFlagNames } from './use-flag-names.ts'

/** What a flag is, how it is used, and how an app asks for it. */
export function Overview({ flag }: { flag: FlagBody }) {
  return (
    <div className={classes.grid}>
      <div className={classes.stack}>
        <ConditionsPanel flag={flag} />
        <UsagePanel flag={flag} />
      </div>
      <SnippetsPanel flag={flag} />
    </div>
  )
}

function ConditionsPanel({ flag }: { flag: FlagBody }) {
  const project = useProject()
  const names = useFlagNames(project.id)
  const status = useQuery(flagStatusQuery(project.id, flag.id))
  const { groups = [], multivariate, payloads } = flag.filters
  const variants = multivariate?.variants ?? []
  const answers = variants.length === 0 ? [{ key: 'true', name: null, rollout_percentage: 100 }] : variants
  return (
    <Panel title="Who gets what" note={status.data?.reason}>
      <div className={classes.stack}>
        <ol className={classes.list}>
          {groups.map((set, index) => (
            <li key={`set-${String(index)}`} className={classes.tight}>
              <Untrusted lines="many">{setWords(set, names)}</Untrusted>
              <div className={classes.meter}>
                <span style={{ width: `${set.rollout_percentage ?? 100}%` }} />
              </div>
            </li>
          ))}
        </ol>
        {limitsOf(flag).map((limit) => (
          <p key={limit} className={classes.soft}>
            <Untrusted lines="many">{limit}</Untrusted>
          </p>
        ))}
        {(variants.length > 0 || Object.keys(payloads ?? {}).length > 0) && (
          <div className={classes.scroll}>
            <table className={classes.table}>
              <caption className={classes.hidden}>Answers and their payloads</caption>
              <thead>
                <tr>
                  <th scope="col">Answer</th>
                  <th scope="col" className={classes.number}>
                    Share
                  </th>
                  <th scope="col">Payload</th>
                </tr>
              </thead>
              <tbody>
                {answers.map(({ key, name, rollout_percentage: share }) => (
                  <tr key={key}>
                    <td>
                      <Untrusted mono>{key}</Untrusted> {name && <span className={classes.about}>{name}</span>}
                    </td>
                    <td className={classes.number}>{share} %</td>
                    <td>{payloads?.[key] === undefined ? '–' : <Untrusted mono>{String(payloads[key])}</Untrusted>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
    </Panel>
  )
}

const runtimes = { client: 'It is answered in apps only.', server: 'It is answered on servers only.', all: '' }

/** What else decides who gets it, beside its sets. */
function limitsOf({ filters, evaluation_runtime: runtime, evaluation_contexts: contexts, ...flag }: FlagBody): string[] {
  const holdout = filters.holdout?.exclusion_percentage
  return [
    filters.early_exit ? 'Whom a set matches, but whose place is outside of its rollout, is not looked at by the sets after it.' : '',
    holdout === undefined ? '' : `Held out before all sets: ${holdout} %.`,
    runtimes[runtime],
    contexts.length === 0 ? '' : `Apps that name their contexts get it in: ${contexts.join(', ')}.`,
    flag.ensure_experience_continuity ? 'An answer from before signing in stays.' : '',
    flag.bucketing_identifier === 'device_id' ? 'An answer sticks to the device.' : '',
    flag.is_remote_configuration ? 'It is a configuration, which servers read by its key.' : '',
  ].filter((limit) => limit !== '')
}

function UsagePanel({ flag }: { flag: FlagBody }) {
  const project = useProject()
  const [days, setDays] = useState(30)
  const query = useQuery({ ...flagUsageQuery(project.id, flag.id, days), placeholderData: (before) => before })
  return (
    <Panel
      title="Evaluations"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Over which days"
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
          data={['7', '30', '90'].map((value) => ({ value, label: `${value} days` }))}
        />
      }
    >
      <Loaded query={query} compact>
        {(usage) => <UsageTable usage={usage} days={days} />}
      </Loaded>
    </Panel>
  )
}

function UsageTable({ usage, days }: { usage: FlagUsage; days: number }) {
  const totals = answerTotals(usage)
  if (totals.length === 0) return <Empty title={`Not asked for in the last ${days} days`}>Put one of the snippets into your app.</Empty>
  const today = new Date().toISOString().slice(0, 10)
  const courses = dayTotals(usage, today, days)
  const most = Math.max(1, ...courses.map((each) => each.calls))
  return (
    <div className={classes.stack}>
      <svg
        className={classes.course}
        viewBox={`0 0 ${days * 10} 60`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Evaluations on each of the last ${days} days, at most ${formatCount(most)}`}
      >
        {courses.map(({ day, calls: count }, index) => (
          <rect key={day} x={index * 10 + 1} width={8} y={60 - (count / most) * 58} height={(count / most) * 58}>
            <title>{`${day}: ${countOf(count, 'evaluation')}`}</title>
          </rect>
        ))}
      </svg>
      <AnswerTable totals={totals} />
      {usage.last_called_at && (
        <p className={classes.soft}>
          Last called <Instant at={usage.last_called_at} style="relative" />.
        </p>
      )}
    </div>
  )
}

/** SDKs that are asked for most; the others are in a list. */
const shownAtOnce = 5
const choicesOf = (snippets: readonly FlagSnippet[]) => snippets.map(({ id, label }) => ({ value: id, label }))

function SnippetsPanel({ flag }: { flag: FlagBody }) {
  const project = useProject()
  const names = useFlagNames(project.id)
  const [chosen, setChosen] = useState('browser')
  const { groups = [], multivariate, payloads } = flag.filters
  const indexes = [...new Set(groups.flatMap(({ aggregation_group_type_index: index }) => (typeof index === 'number' ? [index] : [])))]
  const snippets = flagSnippets({
    key: flag.key,
    variants: (multivariate?.variants ?? []).map(({ key }) => key),
    hasPayload: Object.keys(payloads ?? {}).length > 0,
    isRemote: flag.is_remote_configuration,
    groupTypes: indexes.flatMap((index) => names.groups.get(index) ?? []),
    token: project.api_token,
    host: window.location.origin,
  })
  const snippet = snippets.find(({ id }) => id === chosen) ?? snippets[0]
  return (
    <Panel title="In your app">
      <div className={classes.stack}>
        <div className={classes.ask}>
          <SegmentedControl
            size="xs"
            aria-label="SDK"
            value={snippet?.id ?? chosen}
            onChange={setChosen}
            data={choicesOf(snippets.slice(0, shownAtOnce))}
          />
          {snippets.length > shownAtOnce && (
            <Select
              size="xs"
              w={140}
              aria-label="Another SDK"
              placeholder="Another SDK"
              value={snippets.indexOf(snippet as FlagSnippet) < shownAtOnce ? null : chosen}
              onChange={(value) => value && setChosen(value)}
              data={choicesOf(snippets.slice(shownAtOnce))}
            />
          )}
        </div>
        {snippet && <CodeBlock code={snippet.code} language={snippet.language} />}
      </div>
    </Panel>
  )
}
