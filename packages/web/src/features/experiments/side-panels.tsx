import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type AaCheck, aaCheckQuery, type ExperimentResults } from '../../api-client/experiments.ts'
import { countOf, formatCount, formatShare } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { Failure } from '../../ui/states.tsx'
import classes from './experiments.module.css'
import { stepName, trustName } from './words.ts'

const marks = { good: '✓', bad: '!', unknown: '?' }
const spoken = { good: 'Good: ', bad: 'Look: ', unknown: 'Not known: ' }

/** What a reader should know before believing the result. */
export function TrustPanel({ trust }: Pick<ExperimentResults, 'trust'>) {
  return (
    <Panel title="Can it be trusted?">
      <ul className={classes.trust}>
        {trust.map(({ name, state, text }) => (
          <li key={name}>
            <span className={classes.mark} data-state={state} aria-hidden="true">
              {marks[state]}
            </span>
            <span>
              <span className={classes.hidden}>{spoken[state]}</span>
              <span className={classes.trustName}>{trustName(name)}</span>
              <span className={classes.trustText}>{text}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** From everybody whom the exposure event was sent for to those who are analysed; the parts sum to the whole. */
export function WaterfallPanel({ waterfall }: Pick<ExperimentResults, 'waterfall'>) {
  const shown = waterfall.steps.filter(({ step, events }) => events > 0 || step === 'analysed')
  const ungrouped = waterfall.steps.find(({ step }) => step === 'without_group')?.events ?? 0
  const repeats = waterfall.events - ungrouped - waterfall.units
  return (
    <Panel
      title="Who is counted"
      note={`${countOf(waterfall.events, 'exposure event')}, ${countOf(repeats, 'repeat')} among them, of ${formatCount(waterfall.units)} ${waterfall.units === 1 ? 'person' : 'people'}; each counts once, here:`}
    >
      <ul className={classes.steps}>
        {shown.map(({ step, units, events }) => (
          <li key={step}>
            <span>{stepName(step)}</span>
            <span>
              {step === 'without_group' ? (
                countOf(events, 'event')
              ) : (
                <>
                  {formatCount(units)} <span className={classes.faint}>{formatShare(units, waterfall.units)}</span>
                </>
              )}
            </span>
            <span className={classes.stepBar} data-analysed={step === 'analysed'} aria-hidden="true">
              <span style={{ width: `${(100 * units) / Math.max(1, waterfall.units)}%` }} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`

/** The method, tried on random halves of the project's own people. */
export function AaPanel({ projectId, experimentId }: { projectId: number; experimentId: number }) {
  const [isAsked, ask] = useState(false)
  const query = useQuery({ ...aaCheckQuery(projectId, experimentId), enabled: isAsked })
  return (
    <Panel
      title="A/A check"
      note="The same analysis on random halves of your own people of the last four weeks, among whom there is nothing to find."
      actions={
        !query.data && (
          <Button size="xs" variant="default" loading={query.isFetching} onClick={() => ask(true)}>
            Run
          </Button>
        )
      }
    >
      {query.error ? <Failure error={query.error} compact /> : query.data && <AaResult check={query.data} />}
    </Panel>
  )
}

function AaResult({ check }: { check: AaCheck }) {
  const { units, splits, false_positive_rate: rate, promised_rate: promised, holds } = check
  if (rate === null) return <p className={classes.hypothesis}>Too little happened in that time to try it on {formatCount(units)} people.</p>
  return (
    <p className={classes.hypothesis}>
      In {formatCount(splits)} random splits of {formatCount(units)} people it found something in <strong>{percent(rate)}</strong>; it
      promises {percent(promised)}.{' '}
      {holds ? 'It keeps its promise on your data.' : 'On your data it errs more often than it promises: choose another metric or method.'}
    </p>
  )
}
