import type { StepColumns } from './compile.ts'
import type { FunnelQuestion } from './resolve.ts'
import type { FunnelStep } from './steps.ts'

/** A step as the API shows it. */
export interface StepResult {
  action_id: string | number | null
  name: string | null
  custom_name: string | null
  order: number
  people: never[]
  count: number
  type: 'events' | 'actions'
  average_conversion_time: number | null
  median_conversion_time: number | null
  /** Of the last of several steps: seconds from the first step, as the view of times to convert says them. An addition to PostHog's form. */
  median_time_to_convert?: number | null
  breakdown?: string[] | string
  breakdown_value?: string[] | number
}

/** Without a breakdown one funnel, else one a value; empty where no actor took part. */
export function shapeSteps(question: FunnelQuestion, columns: StepColumns, rows: unknown[][]): StepResult[] | StepResult[][] {
  const funnels = rows.map((row) => shapeFunnel(question, columns, row))
  if (question.breakdown) return funnels.filter(hasActors)
  return funnels.filter(hasActors).flat()
}

const hasActors = (funnel: StepResult[]): boolean => funnel.some(({ count }) => count > 0)

function shapeFunnel(question: FunnelQuestion, { counts, timed }: StepColumns, row: unknown[]): StepResult[] {
  const value = question.breakdown ? shownBreakdown(question, row.at(-1)) : {}
  return question.steps.map((step, i) => {
    const place = timed.indexOf(i + 1)
    const [average, median] = place < 0 ? [null, null] : [row[counts + 2 * place], row[counts + 2 * place + 1]]
    return {
      ...named(question, step, i),
      order: i,
      people: [],
      count: Math.round(Number(row[i]) / question.sampledShare),
      average_conversion_time: asNumber(average),
      median_conversion_time: asNumber(median),
      ...(i > 0 && i === question.steps.length - 1 ? { median_time_to_convert: asNumber(row[counts + 2 * timed.length]) } : {}),
      ...value,
    }
  })
}

const asNumber = (cell: unknown): number | null => (cell === null || cell === undefined ? null : Number(cell))

function named(
  { order }: FunnelQuestion,
  { series }: FunnelStep,
  index: number,
): Pick<StepResult, 'action_id' | 'name' | 'custom_name' | 'type'> {
  const { type, id, name, customName } = series
  if (order === 'unordered')
    return { action_id: null, name: `Completed ${index + 1} step${index === 0 ? '' : 's'}`, custom_name: null, type }
  return {
    action_id: id,
    name: type === 'events' && id === null && series.node.kind === 'EventsNode' ? null : name,
    custom_name: customName,
    type,
  }
}

/** The value of a breakdown as the API shows it; a cohort by its name and id. */
export function shownBreakdown({ breakdown }: FunnelQuestion, value: unknown): Pick<StepResult, 'breakdown' | 'breakdown_value'> {
  const texts = (Array.isArray(value) ? value : []).map(String)
  const [id = ''] = texts
  if (breakdown?.cohorts) return { breakdown: breakdown.cohorts.get(id) ?? id, breakdown_value: Number(id) }
  return { breakdown: texts, breakdown_value: texts }
}
