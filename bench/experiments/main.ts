/**
 * What the methods promise, counted over many simulated experiments: how often A/A experiments show an effect (read once, and read every day), how often the
 * intervals hold the true effect, how often a true effect is found and how often the formula says it should be. Seeded.
 *
 *   npm run bench:experiments -- --runs 2000 --units 2000 --looks 14 --out table.md
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  analyseMetric,
  type Comparison,
  defaultStatsSettings,
  power,
  quantileRanks,
  type StatsSettings,
} from '../../packages/experiments/src/index.ts'
import { Arm, type Population, populations, seeded } from './populations.ts'

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    units: { type: 'string', default: '2000' },
    looks: { type: 'string', default: '14' },
    lift: { type: 'string', default: '0.1' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
})
const [runs, units, looks, lift, seed] = [options.runs, options.units, options.looks, options.lift, options.seed].map(Number) as [
  number,
  number,
  number,
  number,
  number,
]

/** `alpha`: the two-sided error that the method's rule comes to. */
const methods: { name: string; settings: StatsSettings; alpha: number; sequential?: true }[] = [
  { name: 'frequentist', settings: { ...defaultStatsSettings, method: 'frequentist' }, alpha: 0.05 },
  { name: 'Bayesian, flat prior', settings: defaultStatsSettings, alpha: 0.1 },
  {
    name: 'sequential',
    settings: { ...defaultStatsSettings, method: 'frequentist', sequential: true, sequentialTuningParameter: 2 * units },
    alpha: 0.05,
    sequential: true,
  },
]

/** Counts over all runs of one population and method. */
interface Tally {
  falseAtEnd: number
  falseAtAnyLook: number
  covered: number
  coveredAtEveryLook: number
  found: number
  tested: number
}

const rows: string[] = []
for (const population of populations) {
  const tallies = methods.map((): Tally => ({ falseAtEnd: 0, falseAtAnyLook: 0, covered: 0, coveredAtEveryLook: 0, found: 0, tested: 0 }))
  const random = seeded(seed)
  for (let run = 0; run < runs; run++) {
    simulate(population, random, tallies)
  }
  methods.forEach((method, i) => {
    const tally = tallies[i] as Tally
    const share = (count: number) => `${((100 * count) / tally.tested).toFixed(1)} %`
    const planned = population.moments
      ? `${(100 * power({ ...population.moments, unitsPerArm: units, relativeEffect: lift, alpha: method.alpha, ...(method.sequential ? { sequentialTuningParameter: 2 * units } : {}) })).toFixed(1)} %`
      : '–'
    const cells = [tally.falseAtEnd, tally.falseAtAnyLook, tally.covered, tally.coveredAtEveryLook, tally.found].map(share)
    rows.push(`| ${population.name} | ${method.name} | ${cells.join(' | ')} | ${planned} |`)
    process.stderr.write(`${rows.at(-1)}\n`)
  })
}

const margin = (100 * 1.96 * Math.sqrt((0.05 * 0.95) / runs)).toFixed(1)
const table = [
  `${runs} experiments a row, ${units} units an arm, ${looks} looks, true effect ${100 * lift} %, seed ${seed}. A share of 5 % is known to ± ${margin} points.`,
  '',
  '| metric | method | false positives, read once | false positives, read daily | interval holds the effect | … at every look | effect found | … by the formula |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ...rows,
].join('\n')
if (options.out) writeFileSync(options.out, `${table}\n`)
process.stdout.write(`${table}\n`)

function simulate(population: Population, random: () => number, tallies: Tally[]): void {
  const [control, same, better] = [new Arm(population), new Arm(population), new Arm(population)]
  const seen = tallies.map(() => ({ falsely: false, always: true }))
  for (let look = 1; look <= looks; look++) {
    const until = Math.floor((units * look) / looks)
    for (let unit = Math.floor((units * (look - 1)) / looks); unit < until; unit++) {
      control.add(population.draw(random, 0))
      same.add(population.draw(random, 0))
      better.add(population.draw(random, lift))
    }
    const data = [control, same, better].map((arm) => arm.summary(quantileRanks))
    methods.forEach(({ settings }, i) => {
      const [none, some] = [1, 2].map((arm) => compared(population, settings, data[0], data[arm]))
      const state = seen[i]
      const tally = tallies[i]
      if (!state || !tally || !none || !some) return
      state.falsely ||= none.significant === true
      state.always &&= holds(some)
      if (look < looks) return
      tally.tested++
      if (none.significant) tally.falseAtEnd++
      if (state.falsely) tally.falseAtAnyLook++
      if (holds(some)) tally.covered++
      if (state.always) tally.coveredAtEveryLook++
      if (some.significant) tally.found++
    })
  }
}

type Data = ReturnType<Arm['summary']>

function compared(population: Population, settings: StatsSettings, control?: Data, test?: Data): Comparison | undefined {
  if (!control || !test) return undefined
  const arms = [
    { key: 'control', data: control },
    { key: 'test', data: test },
  ]
  return analyseMetric(population.metric, arms, 'control', { ...settings, cuped: population.cuped === true })[1]?.comparison
}

/** An interval that cannot be computed yet excludes nothing. */
function holds({ interval }: Comparison): boolean {
  return interval === null || (interval[0] <= lift && lift <= interval[1])
}
