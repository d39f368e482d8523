import type { AnalysedVariant, StatsSettings } from './analyse-metric.ts'
import type { AnalysedMetric } from './metric-data.ts'
import type { TrustItem } from './trust.ts'

export type VerdictState = 'winner' | 'loser' | 'no_difference' | 'too_early' | 'not_trustworthy'

export interface Verdict {
  state: VerdictState
  /** The variant that it is about, where it is about one. */
  variant: string | null
  /** One sentence: what was seen, and what the method does and does not show. */
  text: string
}

const percent = (value: number) => `${value > 0 ? '+' : ''}${Number((100 * value).toPrecision(3))} %`

/** What the first metric says, for somebody who reads only one sentence. */
export function verdict(
  metric: AnalysedMetric & { name: string },
  variants: AnalysedVariant[],
  trust: TrustItem[],
  settings: StatsSettings,
): Verdict {
  const distrust = trust.find(({ name, state }) => name === 'sample_ratio' && state === 'bad')
  if (distrust) return { state: 'not_trustworthy', variant: null, text: distrust.text }
  const compared = variants.filter((variant) => typeof variant.comparison?.effect === 'number')
  if (compared.length === 0)
    return { state: 'too_early', variant: null, text: `There is not enough data yet to compare the variants on ${metric.name}.` }
  const direction = metric.goal === 'decrease' ? -1 : 1
  const gain = ({ comparison }: AnalysedVariant) => (comparison?.effect ?? 0) * direction
  const significant = compared.filter(({ comparison }) => comparison?.significant).sort((a, b) => gain(b) - gain(a))
  const best = significant.find((variant) => gain(variant) > 0)
  if (best) return { state: 'winner', variant: best.key, text: `${best.key} is better on ${metric.name}: ${shown(best, settings)}` }
  const worst = significant.at(-1)
  if (worst) return { state: 'loser', variant: worst.key, text: `${worst.key} is worse on ${metric.name}: ${shown(worst, settings)}` }
  const power = trust.find(({ name }) => name === 'power')
  const caution = power?.state === 'good' ? '' : ' A difference may be there all the same: the experiment is too small to exclude it.'
  return { state: 'no_difference', variant: null, text: `No variant differs from the baseline on ${metric.name} beyond chance.${caution}` }
}

function shown({ comparison }: AnalysedVariant, settings: StatsSettings): string {
  const [low = 0, high = 0] = comparison?.interval ?? []
  const number = settings.differenceType === 'relative' ? percent : (value: number) => String(Number(value.toPrecision(4)))
  const effect = `${number(comparison?.effect ?? 0)} (${number(low)} to ${number(high)})`
  if (settings.method === 'bayesian') {
    const chance = chanceText(comparison?.chanceToWin ?? 0)
    return `${effect}; the chance that the true effect is above zero is ${chance}, by this data alone.`
  }
  const p = (comparison?.pValue ?? 1).toPrecision(2)
  const validity = settings.sequential ? 'valid at any time' : 'valid at the planned end only'
  return `${effect}; p = ${p}, ${validity}. It tells how rare such a difference is by chance alone, not how likely the variant is better.`
}

/** Nothing is certain: the ends are said as what they are beyond. */
function chanceText(chance: number): string {
  if (chance > 0.9999) return 'more than 99.99 %'
  return chance < 0.0001 ? 'less than 0.01 %' : `${Number((100 * chance).toPrecision(4))} %`
}
