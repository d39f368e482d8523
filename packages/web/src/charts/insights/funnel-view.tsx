import { Menu } from '@mantine/core'
import { useMemo } from 'react'
import type { ActorsChoice } from '../../query-model/actors.ts'
import { countedNoun, hasActors } from '../../query-model/counted.ts'
import { vizOf } from '../../query-model/funnels.ts'
import type { FunnelsQuery, funnelPathTypes, PathsQuery } from '../../query-model/nodes.ts'
import { pathsOfFunnel } from '../../query-model/paths.ts'
import { ChevronDownIcon } from '../../ui/icons.tsx'
import { countOf, formatCount } from '../../ui/numbers.ts'
import { unpictured } from '../../ui/picture-of.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import { cssColour } from '../colours.ts'
import { type FunnelPath, type FunnelStep, funnelPaths, funnelSummary, sharesWords } from './funnel-steps.ts'
import { ConversionOverTime, TimeToConvert } from './funnel-times-view.tsx'
import classes from './funnel-view.module.css'
import { formatPercent, formatSeconds } from './values.ts'
import type { ViewProps } from './view-props.ts'
import views from './views.module.css'

interface FunnelViewProps extends ViewProps<FunnelsQuery> {
  /** The ways around a step. */
  onPaths?: ((query: PathsQuery) => void) | undefined
}

/** A funnel as bars with what is known of each step, as times to convert, or as conversion over time. */
export function FunnelView(props: FunnelViewProps) {
  switch (vizOf(props.query)) {
    case 'steps':
      return <Steps {...props} />
    case 'time_to_convert':
      return <TimeToConvert {...props} />
    case 'trends':
      return <ConversionOverTime {...props} />
  }
}

function Steps({ query, answer, heightPx, isPreview = false, onQuery, onActors, onPaths }: FunnelViewProps) {
  const all = useMemo(() => funnelPaths(query, answer.results), [query, answer.results])
  const hidden = query.funnelsFilter?.hiddenLegendBreakdowns ?? []
  const paths = all.filter(({ label }) => !hidden.includes(label))
  const [whole] = all
  if (!whole) return <p className={classes.nobody}>Nobody did the first step in this time.</p>
  const isHorizontal = query.funnelsFilter?.layout === 'horizontal' || whole.steps.length > 6
  const previous = query.funnelsFilter?.funnelStepReference === 'previous'
  return (
    <div className={classes.funnel}>
      {all.length === 1 && <Summary path={whole} isShort={isPreview} onActors={onActors} />}
      {all.length > 1 && (
        <ul className={views.legend} data-short={isPreview} aria-label="Legend">
          {all.map(({ label, index }) => (
            <li key={index}>
              <button
                type="button"
                className={views.legendItem}
                aria-pressed={!hidden.includes(label)}
                data-hidden={hidden.includes(label)}
                disabled={!onQuery}
                onClick={() =>
                  onQuery?.({ ...query, funnelsFilter: { ...query.funnelsFilter, hiddenLegendBreakdowns: toggled(hidden, label) } })
                }
              >
                <span className={views.dot} style={{ background: cssColour(index) }} />
                <Untrusted>{label}</Untrusted>
              </button>
            </li>
          ))}
        </ul>
      )}
      <ol className={classes.steps} data-horizontal={isHorizontal} data-preview={isPreview}>
        {whole.steps.map((step, index) => (
          <li key={step.number} className={classes.step}>
            <div className={classes.bars} style={{ height: isHorizontal ? undefined : Math.max(80, heightPx - (isPreview ? 84 : 110)) }}>
              {paths.map((path) => (
                <StepBar
                  key={path.index}
                  path={path}
                  step={path.steps[index]}
                  isPrevious={previous}
                  onActors={onActors}
                  isOnly={all.length === 1}
                />
              ))}
            </div>
            {all.length === 1 || isPreview ? (
              <StepWords paths={paths} index={index} noun={countedNoun(query)} onActors={onActors} isPreview={isPreview} />
            ) : (
              <div className={classes.words}>
                <StepName number={step.number} name={step.name} />
                <p className={classes.reach}>{sharesWords(paths, index, previous ? 'previous' : 'first')}</p>
              </div>
            )}
            {onPaths && !isPreview && hasActors(query) && <PathsMenu query={query} step={step} onPaths={onPaths} />}
          </li>
        ))}
      </ol>
      {all.length > 1 && !isPreview && <FunnelTable paths={paths} onActors={onActors} />}
    </div>
  )
}

const toggled = (hidden: readonly string[], label: string): string[] =>
  hidden.includes(label) ? hidden.filter((each) => each !== label) : [...hidden, label]

/** From a step to what people did around it. */
function PathsMenu({ query, step, onPaths }: { query: FunnelsQuery; step: FunnelStep; onPaths: (query: PathsQuery) => void }) {
  const { number } = step
  const go = (type: (typeof funnelPathTypes)[number], of = number) => onPaths(pathsOfFunnel(query, type, of))
  return (
    <Menu position="bottom-start" width={260} withinPortal>
      <Menu.Target>
        <button type="button" className={classes.paths} {...unpictured} aria-label={`Paths around step ${number}`}>
          Paths <ChevronDownIcon size={12} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {number > 1 && <Menu.Item onClick={() => go('funnel_path_before_step')}>What they did before it</Menu.Item>}
        {number > 1 && <Menu.Item onClick={() => go('funnel_path_between_steps')}>What they did since step {number - 1}</Menu.Item>}
        <Menu.Item onClick={() => go('funnel_path_after_step')}>What they did after it</Menu.Item>
        {number > 1 && <Menu.Item onClick={() => go('funnel_path_after_step', -number)}>What those did who stopped before it</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  )
}

function Summary({ path, isShort, onActors }: { path: FunnelPath; isShort: boolean; onActors: FunnelViewProps['onActors'] }) {
  const { share, medianSeconds, worst } = funnelSummary(path)
  return (
    <p className={classes.summary} data-short={isShort}>
      <strong>{formatPercent(share)}</strong> go all the way
      {!isShort && medianSeconds !== null && <>, in {formatSeconds(medianSeconds)} median</>}
      {worst && (
        <>
          {' · '}
          <span className={classes.unbroken}>
            step {worst.from} → {worst.to}
          </span>{' '}
          loses most:{' '}
          {onActors ? (
            <button type="button" className={classes.worst} onClick={() => onActors(dropped(path, worst.to, worst.dropped))}>
              {formatCount(worst.dropped)} ({formatPercent(worst.lost)})
            </button>
          ) : (
            `${formatCount(worst.dropped)} (${formatPercent(worst.lost)})`
          )}
        </>
      )}
    </p>
  )
}

function reached(path: FunnelPath, step: FunnelStep): ActorsChoice {
  return {
    title: `Reached step ${step.number}: ${step.name}${path.breakdown === undefined ? '' : ` · ${path.label}`}`,
    value: step.count,
    counts: 'people',
    point: { kind: 'FunnelsActorsQuery', funnelStep: step.number, funnelStepBreakdown: path.breakdown },
  }
}

function dropped(path: FunnelPath, step: number, value: number): ActorsChoice {
  const name = path.steps[step - 1]?.name ?? ''
  return {
    title: `Stopped before step ${step}: ${name}${path.breakdown === undefined ? '' : ` · ${path.label}`}`,
    value,
    counts: 'people',
    point: { kind: 'FunnelsActorsQuery', funnelStep: -step, funnelStepBreakdown: path.breakdown },
  }
}

interface StepBarProps {
  path: FunnelPath
  step: FunnelStep | undefined
  isPrevious: boolean
  isOnly: boolean
  onActors: FunnelViewProps['onActors']
}

/** The full part is who came, the hatched part who stopped since the step before. */
function StepBar({ path, step, isPrevious, isOnly, onActors }: StepBarProps) {
  if (!step) return null
  const size = isPrevious ? step.shareOfPrevious : step.share
  const before = isPrevious ? 1 : (path.steps[step.number - 2]?.share ?? 1)
  const style = {
    '--size': `${size * 100}%`,
    '--before': `${before * 100}%`,
    '--colour': isOnly ? 'var(--series-1)' : cssColour(path.index),
  } as React.CSSProperties
  return (
    <div className={classes.bar} style={style}>
      <span className={classes.ghost} />
      {onActors ? (
        <button
          type="button"
          className={classes.full}
          tabIndex={-1}
          aria-hidden="true"
          title={`${step.name}: ${formatCount(step.count)}`}
          onClick={() => onActors(reached(path, step))}
        />
      ) : (
        <span className={classes.full} />
      )}
      {isOnly && <span className={classes.barShare}>{formatPercent(size)}</span>}
    </div>
  )
}

function StepWords({
  paths,
  index,
  noun,
  onActors,
  isPreview,
}: {
  noun: string
  paths: readonly FunnelPath[]
  index: number
  onActors: FunnelViewProps['onActors']
  isPreview: boolean
}) {
  const first = paths[0]?.steps[index]
  if (!first) return null
  return (
    <div className={classes.words}>
      <StepName number={first.number} name={first.name} />
      {(isPreview ? paths.slice(0, 1) : paths).map((path) => {
        const step = path.steps[index]
        return (
          step && (
            <PathWords
              key={path.index}
              path={path}
              step={step}
              noun={noun}
              onActors={onActors}
              isOnly={paths.length === 1}
              isPreview={isPreview}
            />
          )
        )
      })}
    </div>
  )
}

function StepName({ number, name }: { number: number; name: string }) {
  return (
    <div className={classes.name}>
      <span className={classes.badge}>{number}</span>
      <Untrusted>{name}</Untrusted>
    </div>
  )
}

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }

/** Each value of the breakdown beside the others: how many came to each step, and who did not. */
function FunnelTable({ paths, onActors }: { paths: readonly FunnelPath[]; onActors: FunnelViewProps['onActors'] }) {
  return (
    <section className={classes.tableScroll} aria-label="Each value of the breakdown" {...scrollable}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Value</th>
            {paths[0]?.steps.map(({ number, name }) => (
              <th key={number} scope="col">
                <StepName number={number} name={name} />
              </th>
            ))}
            <th scope="col">All the way</th>
          </tr>
        </thead>
        <tbody>
          {paths.map((path) => (
            <tr key={path.index}>
              <th scope="row">
                <span className={classes.which}>
                  <span className={views.dot} style={{ background: cssColour(path.index) }} />
                  <Untrusted>{path.label}</Untrusted>
                </span>
              </th>
              {path.steps.map((step) => (
                <td key={step.number}>
                  <Count
                    label={`Those with ${path.label} who reached step ${step.number}`}
                    onPress={onActors && (() => onActors(reached(path, step)))}
                  >
                    {formatCount(step.count)}
                  </Count>
                  {step.number > 1 && (
                    <span className={classes.lost}>
                      <Count
                        label={`Those with ${path.label} who stopped before step ${step.number}`}
                        onPress={onActors && (() => onActors(dropped(path, step.number, step.dropped)))}
                      >
                        {`−${formatCount(step.dropped)}`}
                      </Count>
                    </span>
                  )}
                </td>
              ))}
              <td className={classes.rate}>{formatPercent(path.steps.at(-1)?.share ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface PathWordsProps {
  path: FunnelPath
  step: FunnelStep
  onActors: FunnelViewProps['onActors']
  isOnly: boolean
  isPreview: boolean
  /** What one of those that are counted is called. */
  noun: string
}

function PathWords({ path, step, noun, onActors, isOnly, isPreview }: PathWordsProps) {
  return (
    <div className={classes.facts}>
      {!isOnly && (
        <span className={classes.which}>
          <span className={views.dot} style={{ background: cssColour(path.index) }} />
          <Untrusted>{path.label}</Untrusted>
        </span>
      )}
      <span className={classes.fact}>
        <span aria-hidden="true">→</span>
        <Count
          label={`Those who reached step ${step.number}`}
          noun={isPreview ? '' : countOf(step.count, noun).replace(formatCount(step.count), '')}
          onPress={onActors && (() => onActors(reached(path, step)))}
        >
          {formatCount(step.count)}
        </Count>
        <span className={classes.share}>{formatPercent(step.share)}</span>
      </span>
      {step.number > 1 && !isPreview && (
        <span className={classes.fact} data-tone="lost">
          <span aria-hidden="true">↘</span>
          <Count
            label={`Those who stopped before step ${step.number}`}
            noun=" stopped"
            onPress={onActors && (() => onActors(dropped(path, step.number, step.dropped)))}
          >
            {formatCount(step.dropped)}
          </Count>
          <span className={classes.share}>
            {formatPercent(1 - step.shareOfPrevious)}
            {step.number > 2 && <span className={classes.ofStep}> of step {step.number - 1}</span>}
          </span>
        </span>
      )}
      {step.number > 1 && !isPreview && step.medianSeconds !== null && (
        <span className={classes.fact} data-tone="time">
          <span aria-hidden="true">◷</span>
          <span>{formatSeconds(step.medianSeconds)} median</span>
        </span>
      )}
    </div>
  )
}

interface CountProps {
  children: string
  label: string
  /** What is counted, with a space before it; left out where there is no room for it. */
  noun?: string
  onPress: (() => void) | undefined
}

function Count({ children, label, noun = '', onPress }: CountProps) {
  const shown = (
    <>
      {children}
      {noun !== '' && <span className={classes.noun}>{noun}</span>}
    </>
  )
  if (!onPress) return <span className={classes.count}>{shown}</span>
  return (
    <button type="button" className={classes.count} aria-label={`${children}${noun}: ${label}`} onClick={onPress}>
      {shown}
    </button>
  )
}
