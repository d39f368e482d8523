import { Autocomplete, Button, Drawer, SegmentedControl, Tabs } from '@mantine/core'
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { propertyChoicesQuery } from '../../api-client/definitions.ts'
import {
  type ExperimentResults,
  type ExperimentUnit,
  experimentCourseQuery,
  experimentPeopleQuery,
  type MetricResult,
  metricQuery,
} from '../../api-client/experiments.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Empty, Failure, Loaded, SkeletonRows } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { CourseChart } from './course-panel.tsx'
import classes from './experiments.module.css'
import { NumbersTable } from './numbers-table.tsx'
import { metricWords, unitText } from './words.ts'

interface PartProps {
  projectId: number
  experimentId: number
  results: ExperimentResults
  metric: MetricResult
}

/** What one metric's numbers are made of: the sums, the people, the course, the parts by a property, and the SQL. */
export function MetricDetails({
  metric,
  onClose,
  ...rest
}: Omit<PartProps, 'metric'> & { metric: MetricResult | undefined; onClose: () => void }) {
  const isNarrow = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  return (
    <Drawer
      opened={metric !== undefined}
      onClose={onClose}
      position="right"
      size={isNarrow ? '100%' : 680}
      title={metric && <Untrusted lines="many">{metric.metric.name || `${metric.metric.metric_type} metric`}</Untrusted>}
      overlayProps={{ backgroundOpacity: 0.15 }}
    >
      {metric && <Details key={metric.metric.uuid} metric={metric} {...rest} />}
    </Drawer>
  )
}

function Details(props: PartProps) {
  const { metric, results } = props
  return (
    <>
      <p className={classes.hypothesis}>
        <Untrusted lines="many">{metricWords(metric.metric)}</Untrusted>
      </p>
      <Tabs defaultValue="numbers" keepMounted={false} mt="md">
        <Tabs.List>
          <Tabs.Tab value="numbers">Numbers</Tabs.Tab>
          <Tabs.Tab value="people">People</Tabs.Tab>
          <Tabs.Tab value="course">Over time</Tabs.Tab>
          {metric.metric.metric_type !== 'quantile' && <Tabs.Tab value="parts">Breakdown</Tabs.Tab>}
          <Tabs.Tab value="sql">SQL</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="numbers" className={classes.drawer}>
          <NumbersTable metric={metric} results={results} />
        </Tabs.Panel>
        <Tabs.Panel value="people" className={classes.drawer}>
          <People {...props} />
        </Tabs.Panel>
        <Tabs.Panel value="course" className={classes.drawer}>
          <CourseOf {...props} />
        </Tabs.Panel>
        <Tabs.Panel value="parts" className={classes.drawer}>
          <Parts {...props} />
        </Tabs.Panel>
        <Tabs.Panel value="sql" className={classes.drawer}>
          <Sql {...props} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

const keysOf = ({ baseline, variant_results: others }: MetricResult) => [
  ...(baseline ? [baseline.key] : []),
  ...others.map(({ key }) => key),
]

function VariantChoice({ keys, value, onChange }: { keys: string[]; value: string; onChange: (key: string) => void }) {
  return keys.length < 2 ? null : <SegmentedControl size="xs" aria-label="Variant" value={value} onChange={onChange} data={keys} />
}

function People({ projectId, experimentId, metric }: PartProps) {
  const keys = keysOf(metric)
  const [variant, setVariant] = useState(keys[0] ?? '')
  const query = useInfiniteQuery(experimentPeopleQuery(projectId, experimentId, metric.metric.uuid ?? '', variant))
  const units = query.data?.pages.flatMap((page) => page.units) ?? []
  const isGroups = typeof query.data?.pages[0]?.group_type_index === 'number'
  return (
    <>
      <VariantChoice keys={keys} value={variant} onChange={setVariant} />
      {query.isPending ? (
        <SkeletonRows rows={8} />
      ) : query.error && units.length === 0 ? (
        <Failure compact error={query.error} onRetry={() => void query.refetch()} />
      ) : units.length === 0 ? (
        <Empty title="Nobody yet" />
      ) : (
        <ul className={classes.people} aria-label="People">
          {units.map((unit) => (
            <Unit key={unit.id} unit={unit} projectId={projectId} isGroup={isGroups} metric={metric} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  )
}

function Unit({ unit, projectId, isGroup, metric }: { unit: ExperimentUnit; projectId: number; isGroup: boolean; metric: MetricResult }) {
  const name = <Untrusted>{unit.name ?? unit.id}</Untrusted>
  return (
    <li>
      {isGroup ? (
        name
      ) : (
        <Link to="/project/$projectId/persons/$personId" params={{ projectId, personId: unit.id }}>
          {name}
        </Link>
      )}
      <span className={classes.faint}>
        saw it <Instant at={unit.exposed_at} style="short" />
      </span>
      <span className={classes.amount}>{unitText(metric.metric, unit)}</span>
    </li>
  )
}

function CourseOf({ projectId, experimentId, metric, results }: PartProps) {
  const keys = metric.variant_results.map(({ key }) => key)
  const [variant, setVariant] = useState(keys[0] ?? '')
  const query = useQuery(experimentCourseQuery(projectId, experimentId, metric.metric.uuid ?? ''))
  return (
    <>
      <VariantChoice keys={keys} value={variant} onChange={setVariant} />
      <Loaded query={query} compact skeleton={<SkeletonRows rows={6} />}>
        {(course) => <CourseChart course={course} variant={variant} results={results} />}
      </Loaded>
      <p className={classes.hypothesis}>The effect with its interval, as it stood at the end of each day.</p>
    </>
  )
}

/** limit: parts that are shown; the largest. */
const mostParts = 20

function Parts({ projectId, experimentId, metric, results }: PartProps) {
  const [property, setProperty] = useState('')
  const [settled] = useDebouncedValue(property.trim(), 400)
  const choices = useQuery(propertyChoicesQuery(projectId, { type: 'event', search: property }))
  const query = useQuery({ ...metricQuery(projectId, experimentId, metric.metric, settled), enabled: settled !== '' })
  return (
    <>
      <Autocomplete
        label="By a property of the exposure"
        description="What each person's exposure event said. Few people in a part make its interval wide."
        value={property}
        onChange={setProperty}
        data={choices.data?.map(({ name }) => name) ?? []}
        limit={50}
      />
      {settled !== '' && (
        <Loaded query={query} compact skeleton={<SkeletonRows rows={6} />}>
          {({ results: found }) =>
            largestParts(found).map(({ breakdown_value: value, baseline, variants }) => (
              <section key={JSON.stringify(value)} aria-label={value[0] ?? 'Not given'}>
                <h3 className={classes.metricName}>
                  <Untrusted>{value[0] ?? 'Not given'}</Untrusted>
                </h3>
                <NumbersTable metric={{ ...metric, baseline, variant_results: variants }} results={results} isShort />
              </section>
            ))
          }
        </Loaded>
      )}
    </>
  )
}

function largestParts({ breakdown_results: parts = [] }: MetricResult) {
  const size = ({ baseline, variants }: (typeof parts)[number]) =>
    [...(baseline ? [baseline] : []), ...variants].reduce((sum, { number_of_samples: n }) => sum + n, 0)
  return parts.toSorted((a, b) => size(b) - size(a)).slice(0, mostParts)
}

function Sql({ projectId, experimentId, metric }: PartProps) {
  const query = useQuery(metricQuery(projectId, experimentId, metric.metric))
  return (
    <Loaded query={query} compact skeleton={<SkeletonRows rows={10} />}>
      {({ hogql, clickhouse, clickhouse_params: params }) => (
        <>
          <CodeBlock language="sql" wrap code={hogql} caption="The sums of this metric: runs as it is in the SQL editor" />
          <CodeBlock language="sql" wrap code={clickhouse} caption="What the event store was sent" />
          {params && Object.keys(params).length > 0 && (
            <CodeBlock language="json" wrap code={JSON.stringify(params, undefined, 2)} caption="Its parameters" />
          )}
        </>
      )}
    </Loaded>
  )
}
