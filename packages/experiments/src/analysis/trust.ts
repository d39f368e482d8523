import type { SampleRatioResult } from '../sample-ratio.ts'

export type TrustName = 'sample_ratio' | 'exposures' | 'power' | 'peeking' | 'several_variants' | 'novelty' | 'bots'
export type TrustState = 'good' | 'bad' | 'unknown'

/** One reason to believe a result, or not to. */
export interface TrustItem {
  name: TrustName
  state: TrustState
  /** One sentence, with the figures. */
  text: string
}

export interface TrustInput {
  /** Whom the experiment counts. */
  counted: 'people' | 'groups'
  sampleRatio: SampleRatioResult | null
  /** How many by variant, `$multiple` left out. */
  exposures: Record<string, number>
  multipleVariantPercentage: number
  /** Power for the smallest effect worth finding, at the present size; null where it cannot be computed. */
  power: number | null
  minimumDetectableEffectPercent: number
  method: 'bayesian' | 'frequentist'
  sequential: boolean
  isRunning: boolean
  /** Effects of units exposed in the first and in the second half of the time, each with its standard error. */
  halves: { effect: number; standardError: number }[]
  /** Share of the exposures whose user agent is a bot's; null where it is not known. */
  botPercentage: number | null
}

const fewest = 50
const capital = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
const percent = (value: number) => `${Number(value.toPrecision(3))} %`

/** What a result's readers should know before they believe it, in the order of weight. */
export function trustList(input: TrustInput): TrustItem[] {
  return [
    sampleRatioItem(input),
    exposureItem(input),
    powerItem(input),
    peekingItem(input),
    severalItem(input),
    noveltyItem(input),
    botItem(input),
  ]
}

function sampleRatioItem({ sampleRatio, counted }: TrustInput): TrustItem {
  if (!sampleRatio)
    return { name: 'sample_ratio', state: 'unknown', text: `Fewer than 100 ${counted} were exposed: their split cannot be tested yet.` }
  const p = sampleRatio.pValue.toPrecision(2)
  return sampleRatio.mismatch
    ? {
        name: 'sample_ratio',
        state: 'bad',
        text: `The split is not what the flag says (p = ${p}): something loses ${counted} of one variant. Do not decide on these numbers.`,
      }
    : { name: 'sample_ratio', state: 'good', text: `The split is what the flag says (p = ${p}).` }
}

function exposureItem({ exposures, counted }: TrustInput): TrustItem {
  const short = Object.entries(exposures).filter(([, count]) => count < fewest)
  return short.length > 0
    ? { name: 'exposures', state: 'bad', text: `Fewer than ${fewest} ${counted} in ${short.map(([key]) => key).join(', ')}.` }
    : { name: 'exposures', state: 'good', text: `Every variant has at least ${fewest} ${counted}.` }
}

function powerItem({ power, minimumDetectableEffectPercent: mde }: TrustInput): TrustItem {
  if (power === null) return { name: 'power', state: 'unknown', text: 'The power cannot be computed for the first metric yet.' }
  const text = `An effect of ${percent(mde)} would be found with ${percent(power * 100)} certainty at this size.`
  return {
    name: 'power',
    state: power >= 0.8 ? 'good' : 'bad',
    text: power >= 0.8 ? text : `${text} No effect seen does not mean that there is none.`,
  }
}

function peekingItem({ method, sequential, isRunning }: TrustInput): TrustItem {
  if (sequential)
    return { name: 'peeking', state: 'good', text: 'Intervals are always valid: look as often as you like, stop when you like.' }
  if (!isRunning)
    return {
      name: 'peeking',
      state: 'good',
      text: 'The experiment has ended; this is its one result, if its end was not chosen by the result.',
    }
  return {
    name: 'peeking',
    state: 'bad',
    text:
      method === 'bayesian'
        ? 'The experiment is running: stopping as soon as a variant looks like the winner finds winners that are none. Decide at the planned size.'
        : 'The experiment is running: looking often and stopping at the first p below α gives more false winners than α. Turn on sequential testing, or decide at the planned size.',
  }
}

function severalItem({ multipleVariantPercentage: share, counted }: TrustInput): TrustItem {
  return share > 0.5
    ? { name: 'several_variants', state: 'bad', text: `${percent(share)} of the ${counted} saw several variants and are left out.` }
    : { name: 'several_variants', state: 'good', text: `${percent(share)} of the ${counted} saw several variants.` }
}

/** The difference of the halves' effects, in its standard errors, beyond which novelty is likely. */
const noveltyBeyond = 2.58

function noveltyItem({ halves, counted }: TrustInput): TrustItem {
  const [first, second] = halves
  if (!first || !second)
    return { name: 'novelty', state: 'unknown', text: `Not enough time has passed to compare ${counted} exposed early and late.` }
  const z = (first.effect - second.effect) / Math.hypot(first.standardError, second.standardError)
  if (!Number.isFinite(z))
    return { name: 'novelty', state: 'unknown', text: `What ${counted} exposed early and late did cannot be compared yet.` }
  return Math.abs(z) > noveltyBeyond
    ? {
        name: 'novelty',
        state: 'bad',
        text: `${capital(counted)} exposed early (${percent(first.effect * 100)}) and late (${percent(second.effect * 100)}) differ by more than chance: the effect may wear off or grow.`,
      }
    : { name: 'novelty', state: 'good', text: `${capital(counted)} exposed early and late show the same effect within chance.` }
}

function botItem({ botPercentage: share }: TrustInput): TrustItem {
  if (share === null) return { name: 'bots', state: 'unknown', text: 'The exposures carry no user agent.' }
  return share > 1
    ? { name: 'bots', state: 'bad', text: `${percent(share)} of the exposures look like bots.` }
    : { name: 'bots', state: 'good', text: `${percent(share)} of the exposures look like bots.` }
}
