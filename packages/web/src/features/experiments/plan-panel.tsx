import { NumberInput, Select, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { calculate } from '../../api-client/experiments.ts'
import { runHogql } from '../../api-client/hogql.ts'
import { formatCount } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { Failure } from '../../ui/states.tsx'
import classes from './experiments.module.css'
import { baselineQuery, type ExperimentDraft, readBaseline } from './plan.ts'

interface PlanPanelProps {
  projectId: number
  draft: ExperimentDraft
  onChange: (change: Partial<ExperimentDraft>) => void
}

interface Plan {
  perArm: number
  total: number
  days: number
  mean: number
  peoplePerDay: number
}

/** How many people it takes, and how long, from the project's own last weeks. */
export function PlanPanel({ projectId, draft, onChange }: PlanPanelProps) {
  const { goal, event, property, windowDays, effectPercent, variants } = draft
  const isReady = event !== '' && (goal !== 'sum' || property !== '')
  const plan = useQuery({
    queryKey: ['project', projectId, 'experiment-plan', { goal, event, property, windowDays, effectPercent, arms: variants.length }],
    enabled: isReady,
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<Plan | null> => {
      const { query, values } = baselineQuery(draft)
      const answer = await runHogql(projectId, query, values, signal)
      const baseline = readBaseline(answer.results[0], windowDays)
      if (!baseline) return null
      const { n_per_arm: perArm } = await calculate<{ n_per_arm: number }>(
        projectId,
        'exact_sample_size_per_arm',
        { type: 'mean', mean: baseline.mean, variance: baseline.variance, relative_mde: effectPercent / 100 },
        signal,
      )
      const total = perArm * variants.length
      return { perArm, total, days: Math.ceil(total / baseline.peoplePerDay), ...baseline }
    },
  })
  return (
    <Panel title="How long will it take?" note="From what your own people did lately.">
      <Stack gap="md">
        <NumberInput
          label="Smallest change worth finding"
          suffix=" %"
          min={1}
          max={1000}
          value={effectPercent}
          onChange={(value) => onChange({ effectPercent: Math.max(1, Number(value) || 1) })}
        />
        <NumberInput
          label="Days that people have to act after they saw it"
          min={1}
          max={180}
          value={windowDays}
          onChange={(value) => onChange({ windowDays: Math.max(1, Number(value) || 1) })}
        />
        <Select
          label="Method"
          allowDeselect={false}
          value={draft.method}
          onChange={(value) => value && onChange({ method: value as ExperimentDraft['method'] })}
          data={[
            { value: 'bayesian', label: 'Bayesian: chance to win' },
            { value: 'frequentist', label: 'Frequentist: decide once, at the planned size' },
            { value: 'sequential', label: 'Sequential: look as often as you like' },
          ]}
        />
        {!isReady ? (
          <p className={classes.hypothesis}>Choose what people should do, and this says how many of them it takes.</p>
        ) : plan.error ? (
          <Failure error={plan.error} compact />
        ) : plan.data === null ? (
          <p className={classes.hypothesis}>Nobody did that lately, so there is nothing to plan from. The experiment works all the same.</p>
        ) : (
          plan.data && <PlanFigures plan={plan.data} isShare={goal === 'conversion'} />
        )}
      </Stack>
    </Panel>
  )
}

function PlanFigures({ plan, isShare }: { plan: Plan; isShare: boolean }) {
  return (
    <dl className={classes.plan}>
      <div>
        <dt>Days</dt>
        <dd>{formatCount(plan.days)}</dd>
      </div>
      <div>
        <dt>People in each variant</dt>
        <dd>{formatCount(plan.perArm)}</dd>
      </div>
      <div>
        <dt>Now</dt>
        <dd>{isShare ? `${Number((100 * plan.mean).toPrecision(3))} %` : Number(plan.mean.toPrecision(3))}</dd>
      </div>
      <div>
        <dt>People a day</dt>
        <dd>{formatCount(Math.round(plan.peoplePerDay))}</dd>
      </div>
    </dl>
  )
}
