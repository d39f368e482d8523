import { SegmentedControl } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { kindIcons } from '../../charts/insights/kind-icons.ts'
import { FilterGroups } from '../../pickers/filter-groups.tsx'
import { kinds } from '../../query-model/kinds.ts'
import type { InsightQuery, LifecycleQuery, SeriesNode, StickinessQuery, TrendsQuery } from '../../query-model/nodes.ts'
import { displayOf } from '../../query-model/trends.ts'
import { ActorChoice } from './actor-choice.tsx'
import { BreakdownSection } from './breakdown-section.tsx'
import classes from './builder.module.css'
import { CountedSection } from './counted-section.tsx'
import { FormulaSection } from './formula-section.tsx'
import { MathPicker } from './math-picker.tsx'
import { Section } from './section.tsx'
import { SeriesList } from './series-list.tsx'

// why: each is needed for its own kind alone.
const FunnelRail = lazy(async () => ({ default: (await import('./funnel-rail.tsx')).FunnelRail }))
const PathsRail = lazy(async () => ({ default: (await import('./paths-rail.tsx')).PathsRail }))
const RetentionRail = lazy(async () => ({ default: (await import('./retention-rail.tsx')).RetentionRail }))
const StickinessOptions = lazy(async () => ({ default: (await import('./stickiness-options.tsx')).StickinessOptions }))

interface RailProps {
  query: InsightQuery
  onChange: (query: InsightQuery) => void
  onKind: (kind: InsightQuery['kind']) => void
}

/** The question: its kind, and all of its parts. */
export function Rail({ query, onChange, onKind }: RailProps) {
  const events = eventsIn(query)
  return (
    <div className={classes.rail}>
      <SegmentedControl
        className={classes.kinds}
        size="xs"
        fullWidth
        aria-label="Kind of insight"
        value={query.kind}
        onChange={(value) => {
          const kind = kinds.find((each) => each.kind === value)
          if (kind) onKind(kind.kind)
        }}
        data={kinds.map(({ kind, label }) => ({ value: kind, label: <KindLabel kind={kind} label={label} /> }))}
      />
      <p className={classes.about}>{kinds.find(({ kind }) => kind === query.kind)?.about}</p>
      <Suspense>
        <KindRail query={query} onChange={onChange} events={events} />
      </Suspense>
      <Section title="Filters">
        <FilterGroups value={query.properties} onChange={(properties) => onChange({ ...query, properties })} events={events} />
      </Section>
      {(query.kind === 'TrendsQuery' || query.kind === 'FunnelsQuery' || query.kind === 'RetentionQuery') && (
        <BreakdownSection
          value={query.breakdownFilter}
          form={query.kind === 'TrendsQuery' ? 'several' : 'few'}
          events={events}
          {...(query.kind === 'RetentionQuery' ? { most: 1 } : {})}
          onChange={(breakdownFilter) => onChange({ ...query, breakdownFilter })}
        />
      )}
      <CountedSection query={query} onChange={onChange} />
    </div>
  )
}

function KindLabel({ kind, label }: { kind: InsightQuery['kind']; label: string }) {
  const KindIcon = kindIcons[kind]
  return (
    <span className={classes.kind}>
      <KindIcon size={17} />
      {label}
    </span>
  )
}

function KindRail({
  query,
  onChange,
  events,
}: {
  query: InsightQuery
  onChange: RailProps['onChange']
  events: readonly string[] | undefined
}) {
  switch (query.kind) {
    case 'TrendsQuery':
      return <TrendsRail query={query} onChange={onChange} events={events} />
    case 'FunnelsQuery':
      return <FunnelRail query={query} onChange={onChange} />
    case 'RetentionQuery':
      return <RetentionRail query={query} onChange={onChange} />
    case 'PathsQuery':
      return <PathsRail query={query} onChange={onChange} />
    case 'LifecycleQuery':
      return <LifecycleRail query={query} onChange={onChange} />
    case 'StickinessQuery':
      return <StickinessRail query={query} onChange={onChange} />
  }
}

function TrendsRail({
  query,
  onChange,
  events,
}: {
  query: TrendsQuery
  onChange: (query: TrendsQuery) => void
  events: readonly string[] | undefined
}) {
  return (
    <>
      <Section title="Series">
        <SeriesList
          series={query.series}
          badges="letters"
          addLabel="Add a series"
          onChange={(series) => onChange({ ...query, series, trendsFilter: { ...query.trendsFilter, hiddenLegendIndexes: undefined } })}
          below={(series, _index, change, name) => <MathPicker series={series} onChange={change} of={name} events={events} />}
        />
      </Section>
      {displayOf(query) !== 'BoxPlot' && <FormulaSection query={query} onChange={onChange} />}
    </>
  )
}

function LifecycleRail({ query, onChange }: { query: LifecycleQuery; onChange: (query: LifecycleQuery) => void }) {
  return (
    <Section title="Counts as active">
      <SeriesList series={query.series} badges="letters" onChange={(series) => onChange({ ...query, series })} />
    </Section>
  )
}

function StickinessRail({ query, onChange }: { query: StickinessQuery; onChange: (query: StickinessQuery) => void }) {
  return (
    <>
      <Section title="Series">
        <SeriesList
          series={query.series}
          badges="letters"
          addLabel="Add a series"
          onChange={(series) =>
            onChange({ ...query, series, stickinessFilter: { ...query.stickinessFilter, hiddenLegendIndexes: undefined } })
          }
          below={(series, _index, change, name) => <ActorChoice series={series} onChange={change} of={name} />}
        />
      </Section>
      <StickinessOptions query={query} onChange={onChange} />
    </>
  )
}

/** Names of the events that a question is about: properties seen with them are offered first. */
function eventsIn(query: InsightQuery): readonly string[] | undefined {
  if (!('series' in query)) return undefined
  const names = query.series.flatMap(({ kind, event }: SeriesNode) => (kind === 'EventsNode' && event ? [event] : []))
  return names.length > 0 ? [...new Set(names)] : undefined
}
