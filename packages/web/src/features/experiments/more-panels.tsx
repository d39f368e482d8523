import type { ExperimentResults } from '../../api-client/experiments.ts'
import { Panel } from '../../ui/page.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './experiments.module.css'

const guardrailWords = { good: 'holds', warn: 'may be worse', stop: 'is worse: stop' } as const
const marks = { good: '✓', warn: '?', stop: '!' } as const
const states = { good: 'good', warn: 'unknown', stop: 'bad' } as const

/** Metrics that must not get worse, whatever the others gain. */
export function GuardrailsPanel({ results: { guardrails } }: { results: ExperimentResults }) {
  if (guardrails.length === 0) return null
  return (
    <Panel title="Guardrails">
      <ul className={classes.trust}>
        {guardrails.map(({ metric_uuid: uuid, name, variant, state }) => (
          <li key={`${uuid}-${variant}`}>
            <span className={classes.mark} data-state={states[state]} aria-hidden="true">
              {marks[state]}
            </span>
            <span>
              <span className={classes.trustName}>
                <Untrusted>{name}</Untrusted>
              </span>{' '}
              <Untrusted mono>{variant}</Untrusted>: {guardrailWords[state]}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const methods: Record<string, string> = { holm: 'Holm', benjamini_hochberg: 'Benjamini–Hochberg', bonferroni: 'Bonferroni' }
const shown = (p: number) => (p < 0.001 ? '< 0.001' : p.toFixed(3))

/** What is left of each p-value once it is allowed for how many there are. */
export function CorrectionsPanel({ results }: { results: ExperimentResults }) {
  const { corrections } = results
  const [first] = corrections
  if (!first) return null
  const names = new Map(
    [...results.metrics, ...results.metrics_secondary].map(({ metric }) => [metric.uuid, metric.name || metric.metric_type]),
  )
  return (
    <Panel title="Corrected for many looks" note={`${methods[first.method] ?? first.method} over ${corrections.length} comparisons`}>
      <ul className={classes.trust}>
        {corrections.map(({ metric_uuid: uuid, variant, adjusted_p_value: p, significant }) => (
          <li key={`${uuid}-${variant}`}>
            <span className={classes.mark} data-state={significant ? 'good' : 'unknown'} aria-hidden="true">
              {significant ? '✓' : '–'}
            </span>
            <span>
              <span className={classes.trustName}>
                <Untrusted>{names.get(uuid) ?? 'A metric'}</Untrusted>
              </span>{' '}
              <Untrusted mono>{variant}</Untrusted>: p {shown(p)}, {significant ? 'still significant' : 'not significant'}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
