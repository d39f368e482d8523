import { NumberInput, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { calculate } from '../../api-client/experiments.ts'
import { formatCount } from '../../ui/numbers.ts'
import { Page, Panel } from '../../ui/page.tsx'
import classes from './experiments.module.css'

// why: a sign alone in a line is no part of a number any more.
const percentText = (value: number) => `${Number((100 * value).toPrecision(3))}\u00a0%`.replace('-', '−')
const changeText = (value: number) => (value > 0 ? `+${percentText(value)}` : percentText(value))
const intervalText = ([low, high]: [number, number]) => `${changeText(low)} to ${changeText(high)}`
const pText = (p: number) => (p < 0.0001 ? 'less than 0.0001' : String(Number(p.toPrecision(2))))

/** The statistics of experiments, by hand: the same that results are made of. */
export function CalculatorsPage() {
  const project = useProject()
  return (
    <Page
      title="Calculators"
      crumbs={[{ label: 'Experiments', to: '/project/$projectId/experiments', params: { projectId: String(project.id) } }]}
    >
      <div className={classes.grid}>
        <SampleSize projectId={project.id} />
        <SmallestEffect projectId={project.id} />
        <Significance projectId={project.id} />
        <Split projectId={project.id} />
      </div>
    </Page>
  )
}

type Fields = Record<string, { label: string; start: number; suffix?: string; min?: number; max?: number }>

interface CalculatorProps<Answer> {
  title: string
  note: string
  projectId: number
  fields: Fields
  kind: string
  input: (values: Record<string, number>) => object
  rows: (answer: Answer, values: Record<string, number>) => [string, ReactNode][]
}

function Calculator<Answer>({ title, note, projectId, fields, kind, input, rows }: CalculatorProps<Answer>) {
  const [values, setValues] = useState(() => Object.fromEntries(Object.entries(fields).map(([name, { start }]) => [name, start])))
  const query = useQuery({
    queryKey: ['project', projectId, 'calculate', kind, values],
    queryFn: ({ signal }) => calculate<Answer | null>(projectId, kind, input(values), signal),
    placeholderData: (before) => before,
    retry: false,
  })
  return (
    <Panel title={title} note={note}>
      <Stack gap="sm">
        <div className={`${classes.fields} ${classes.pairs}`}>
          {Object.entries(fields).map(([name, { label, suffix, min = 0, max }]) => (
            <NumberInput
              key={name}
              label={label}
              thousandSeparator=","
              min={min}
              {...(suffix === undefined ? {} : { suffix })}
              {...(max === undefined ? {} : { max })}
              value={values[name] ?? 0}
              onChange={(value) => setValues((before) => ({ ...before, [name]: Number(value) || 0 }))}
            />
          ))}
        </div>
        {query.error ? (
          <p className={classes.changes} role="status">
            {query.error.message}
          </p>
        ) : query.data === null ? (
          <p className={classes.hypothesis}>There is too little to say.</p>
        ) : (
          query.data && (
            <dl className={`${classes.plan} ${classes.pairs}`} aria-live="polite">
              {rows(query.data, values).map(([term, value]) => (
                <div key={term}>
                  <dt>{term}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          )
        )}
      </Stack>
    </Panel>
  )
}

const share = { suffix: ' %', min: 0.01, max: 99.99 }
const perArm = ({ rate = 0, effect = 0 }: Record<string, number>) => ({
  type: 'proportion',
  baseline: rate / 100,
  relative_mde: effect / 100,
})

const SampleSize = ({ projectId }: { projectId: number }) => (
  <Calculator<{ n_per_arm: number }>
    title="Sample size and running time"
    note="How many people it takes to find a change, with 80 % certainty, at α = 5 %."
    projectId={projectId}
    kind="exact_sample_size_per_arm"
    fields={{
      rate: { label: 'Conversion now', start: 10, ...share },
      effect: { label: 'Smallest change worth finding', start: 20, suffix: ' %', min: 0.1 },
      variants: { label: 'Variants', start: 2, min: 2, max: 20 },
      people: { label: 'People a day', start: 500, min: 1 },
    }}
    input={perArm}
    rows={({ n_per_arm: n }, { variants = 2, people = 1 }) => [
      ['People in each variant', formatCount(n)],
      ['In all', formatCount(n * variants)],
      ['Days', formatCount(Math.ceil((n * variants) / Math.max(1, people)))],
    ]}
  />
)

const SmallestEffect = ({ projectId }: { projectId: number }) => (
  <Calculator<{ relative_mde: number | null }>
    title="Smallest effect"
    note="What a given number of people can find, with 80 % certainty, at α = 5 %. It is judged in per cent of the baseline, as results are: for large effects that takes some more people than the sample size says."
    projectId={projectId}
    kind="mde"
    fields={{ rate: { label: 'Conversion now', start: 10, ...share }, people: { label: 'People in each variant', start: 4000, min: 1 } }}
    input={({ rate = 0, people = 1 }) => ({ type: 'proportion', baseline: rate / 100, users_per_arm: people })}
    rows={({ relative_mde: effect }) => [['Smallest effect', effect === null ? 'none can be found' : percentText(effect)]]}
  />
)

const Significance = ({ projectId }: { projectId: number }) => (
  <Calculator<{ point_estimate: number; p_value: number; confidence_interval: [number, number]; significant: boolean }>
    title="Is it a difference?"
    note="Two conversion rates compared, by Welch's test of the change in per cent. Valid if you look once, at the planned size."
    projectId={projectId}
    kind="frequentist"
    fields={{
      people: { label: 'People, baseline', start: 1000, min: 1 },
      converted: { label: 'Converted, baseline', start: 100 },
      otherPeople: { label: 'People, variant', start: 1000, min: 1 },
      otherConverted: { label: 'Converted, variant', start: 130 },
    }}
    input={({ people, converted, otherPeople, otherConverted }) => ({
      control: { type: 'proportion', n: people, sum: converted },
      treatment: { type: 'proportion', n: otherPeople, sum: otherConverted },
    })}
    rows={({ point_estimate: effect, p_value: p, confidence_interval: interval, significant }) => [
      ['Change', changeText(effect)],
      ['95 % interval', intervalText(interval)],
      ['p-value', pText(p)],
      ['Verdict', significant ? 'More than chance' : 'Could be chance'],
    ]}
  />
)

const Split = ({ projectId }: { projectId: number }) => (
  <Calculator<{ p_value: number; mismatch: boolean }>
    title="Is the split right?"
    note="Whether the people in each variant are as many as the flag would give. An alarm below p = 0.001."
    projectId={projectId}
    kind="srm"
    fields={{
      control: { label: 'People, baseline', start: 5100 },
      test: { label: 'People, variant', start: 4900 },
      share: { label: 'Planned share of the variant', start: 50, ...share },
    }}
    input={({ control, test, share: planned = 50 }) => ({
      observed: { control, test },
      rollout_percentages: { control: 100 - planned, test: planned },
    })}
    rows={({ p_value: p, mismatch }) => [
      ['p-value', pText(p)],
      ['Verdict', mismatch ? 'Something loses people' : 'As planned'],
    ]}
  />
)
