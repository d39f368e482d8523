import { Drawer, Tabs } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { actorsQuery, actorsTotalsQuery } from '../../api-client/actors.ts'
import { useProject } from '../../api-client/current-project.tsx'
import type { InsightAnswer } from '../../api-client/queries.ts'
import { formatValue } from '../../charts/insights/values.ts'
import { type ActorsChoice, actorsSource } from '../../query-model/actors.ts'
import { askedQuery } from '../../query-model/kinds.ts'
import type { InsightQuery } from '../../query-model/nodes.ts'
import { filtersWords } from '../../query-model/operators.ts'
import { questionRules } from '../../query-model/rules.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf, formatCount } from '../../ui/numbers.ts'
import { Failure, SkeletonRows } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useZone } from '../../ui/zone.tsx'
import classes from './drawers.module.css'

interface ExplainDrawerProps {
  opened: boolean
  onClose: () => void
  shown: { query: InsightQuery; answer: InsightAnswer } | undefined
  /** The number that was clicked, if one was. */
  choice: ActorsChoice | undefined
}

/** Why a number is what it is: what was counted, by which rules, as of when, with which SQL, and the rows that add up to it. */
export function ExplainDrawer({ opened, onClose, shown, choice }: ExplainDrawerProps) {
  const isNarrow = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={isNarrow ? '100%' : 680}
      title={choice ? <Untrusted>{`Explained: ${choice.title}`}</Untrusted> : 'How these numbers come about'}
      overlayProps={{ backgroundOpacity: 0.15 }}
    >
      {opened && shown && <Explained {...shown} choice={choice} />}
    </Drawer>
  )
}

function Explained({ query, answer, choice }: { query: InsightQuery; answer: InsightAnswer; choice: ActorsChoice | undefined }) {
  return (
    <Tabs defaultValue="rules" keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="rules">Rules</Tabs.Tab>
        {choice && <Tabs.Tab value="rows">Rows</Tabs.Tab>}
        <Tabs.Tab value="hogql">HogQL</Tabs.Tab>
        <Tabs.Tab value="sql">ClickHouse SQL</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="rules" pt="md">
        <Rules query={query} answer={answer} />
      </Tabs.Panel>
      {choice && (
        <Tabs.Panel value="rows" pt="md">
          <Rows query={query} choice={choice} />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="hogql" pt="md">
        <CodeBlock language="sql" wrap code={answer.hogql} caption="What is asked: runs as it is in the SQL editor" />
      </Tabs.Panel>
      <Tabs.Panel value="sql" pt="md">
        <CodeBlock language="sql" wrap code={answer.clickhouse} caption="What the event store was sent" />
        {answer.clickhouse_params && Object.keys(answer.clickhouse_params).length > 0 && (
          <CodeBlock language="json" wrap code={JSON.stringify(answer.clickhouse_params, undefined, 2)} caption="Its parameters" />
        )}
      </Tabs.Panel>
    </Tabs>
  )
}

function Rules({ query, answer }: { query: InsightQuery; answer: InsightAnswer }) {
  const project = useProject()
  const zone = useZone()
  const filters = filtersWords(query.properties)
  return (
    <dl className={classes.rules}>
      <Rule name="From">
        {answer.resolved_date_range ? <Instant at={answer.resolved_date_range.date_from} style="full" /> : 'the first event'}
      </Rule>
      <Rule name="To">{answer.resolved_date_range ? <Instant at={answer.resolved_date_range.date_to} style="full" /> : 'now'}</Rule>
      <Rule name="Days begin">at midnight in {zone}</Rule>
      <Rule name="“Now” was">{answer.as_of ? <Instant at={answer.as_of} style="full" /> : 'the moment of asking'}</Rule>
      <Rule name="Events in it">
        {answer.included_until ? (
          <>
            all that were stored until <Instant at={answer.included_until} style="full" />
          </>
        ) : (
          'all that are stored'
        )}
      </Rule>
      <Rule name="Filters">{filters === '' ? 'none' : <Untrusted lines="many">{filters}</Untrusted>}</Rule>
      <Rule name="Test accounts">
        {query.filterTestAccounts
          ? `left out: ${filtersWords(project.test_account_filters as never) || 'no rule set'}`
          : 'counted like everyone'}
      </Rule>
      {questionRules(query).map(({ name, words }) => (
        <Rule key={name} name={name}>
          {words}
        </Rule>
      ))}
      <Rule name="Repeated events">An event sent twice, by its uuid, is stored and counted once.</Rule>
      <Rule name="Persons">Events belong to whom their distinct id belongs now: a merge counts for the past, too.</Rule>
      {answer.rows_read !== undefined && (
        <Rule name="Read">
          {countOf(answer.rows_read, 'row')}
          {answer.elapsed_ms !== undefined && ` in ${Math.round(answer.elapsed_ms)} ms`}
        </Rule>
      )}
    </dl>
  )
}

function Rule({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** The people one by one with what each adds, and their sum. */
function Rows({ query, choice }: { query: InsightQuery; choice: ActorsChoice }) {
  const project = useProject()
  const node = actorsSource(askedQuery(query), choice)
  const people = useInfiniteQuery(actorsQuery(project.id, node, ''))
  const totals = useQuery(actorsTotalsQuery(project.id, node))
  if (people.isPending) return <SkeletonRows rows={8} />
  if (people.error) return <Failure compact error={people.error} onRetry={() => void people.refetch()} />
  const rows = people.data.pages.flatMap(({ actors }) => actors)
  const shownSum = rows.reduce((sum, { events }) => sum + (events ?? 1), 0)
  const wholeSum = totals.data && (totals.data.events ?? totals.data.people)
  return (
    <>
      <p className={classes.rowsNote}>
        {choice.value !== undefined && <>The number is {formatValue(choice.value)}. </>}
        {choice.counts === 'events' && 'Each person adds the events counted beside them.'}
        {choice.counts === 'people' && 'Each person adds one.'}
        {choice.counts === undefined &&
          choice.value !== undefined &&
          'It is not a plain count, so it is worked out over the events of these people.'}
      </p>
      <table className={classes.rows}>
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Adds</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, 50).map(({ id, name, events }) => (
            <tr key={id}>
              <td>
                <Untrusted>{name}</Untrusted>
              </td>
              <td>{formatCount(choice.counts === 'people' ? 1 : (events ?? 1))}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          {rows.length > 50 || people.hasNextPage ? (
            <tr>
              <td>and everyone else</td>
              <td>{wholeSum === undefined ? '…' : formatCount(restOf(choice, rows.slice(0, 50), totals.data))}</td>
            </tr>
          ) : null}
          <tr>
            <td>Together</td>
            <td>{formatCount(choice.counts === 'people' ? (totals.data?.people ?? rows.length) : (wholeSum ?? shownSum))}</td>
          </tr>
        </tfoot>
      </table>
    </>
  )
}

function restOf(
  { counts }: ActorsChoice,
  shown: readonly { events: number | undefined }[],
  totals: { people: number; events?: number | undefined } | undefined,
): number {
  if (!totals) return 0
  if (counts === 'people' || totals.events === undefined) return totals.people - shown.length
  return totals.events - shown.reduce((sum, { events }) => sum + (events ?? 0), 0)
}
