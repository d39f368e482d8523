import type { FlagUsage } from '../../api-client/flags.ts'

export interface AnswerTotal {
  answer: string
  /** As apps told, with `$feature_flag_called`. */
  calls: number
  /** As the server counted itself. */
  served: number
}

/** What was answered over all days, the commonest first. */
export function answerTotals({ called, answered }: Pick<FlagUsage, 'called' | 'answered'>): AnswerTotal[] {
  const totals = new Map<string, AnswerTotal>()
  const of = (answer: string) => {
    const total = totals.get(answer) ?? { answer, calls: 0, served: 0 }
    totals.set(answer, total)
    return total
  }
  for (const { answer, calls } of called) of(answer).calls += calls
  for (const { answer, count } of answered) of(answer).served += Number(count)
  return [...totals.values()].sort((a, b) => b.calls + b.served - (a.calls + a.served) || a.answer.localeCompare(b.answer))
}

export interface DayTotal {
  day: string
  calls: number
}

/** One total a day, days without any too, oldest first; `today` is such a day. */
export function dayTotals({ called, answered }: Pick<FlagUsage, 'called' | 'answered'>, today: string, days: number): DayTotal[] {
  const byDay = new Map<string, { calls: number; served: number }>()
  const of = (day: string) => {
    const total = byDay.get(day) ?? { calls: 0, served: 0 }
    byDay.set(day, total)
    return total
  }
  for (const { day, calls } of called) of(day).calls += calls
  for (const { day, count } of answered) of(day).served += Number(count)
  const lastMs = Date.parse(`${today}T00:00:00Z`)
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(lastMs - (days - 1 - index) * 86_400_000).toISOString().slice(0, 10)
    const { calls = 0, served = 0 } = byDay.get(day) ?? {}
    // why: a server's answer is mostly told by the app as well; the larger is nearest to how often it was asked for.
    return { day, calls: Math.max(calls, served) }
  })
}
