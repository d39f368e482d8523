import type { ExperimentBody, ExperimentStatusName, FlagBody } from '@hedgerow/protocol'
import type { FlagUsage } from '../../api-client/flags.ts'
import { countOf } from '../../ui/numbers.ts'

/** Where a flag stands, in a word; `look` for what somebody should clear up. */
export function flagState({ active, archived, status }: Pick<FlagBody, 'active' | 'archived' | 'status'>): {
  label: string
  tone: 'on' | 'off' | 'look'
} {
  if (archived) return { label: 'Archived', tone: 'off' }
  if (!active) return { label: 'Disabled', tone: 'off' }
  return status === 'STALE' ? { label: 'Stale', tone: 'look' } : { label: 'Enabled', tone: 'on' }
}

export interface AnswerShare {
  answer: string
  count: number
  /** Of all answers, from 0 to 1. */
  share: number
}

/** What a flag answered, the commonest first: as apps told, or, where none tells, as the server counted. */
export function answerShares({ called, answered }: Pick<FlagUsage, 'called' | 'answered'>): AnswerShare[] {
  const counted =
    called.length > 0
      ? called.map(({ answer, calls }) => ({ answer, count: calls }))
      : answered.map(({ answer, count }) => ({ answer, count: Number(count) }))
  const counts = new Map<string, number>()
  for (const { answer, count } of counted) counts.set(answer, (counts.get(answer) ?? 0) + count)
  const sum = [...counts.values()].reduce((all, count) => all + count, 0)
  return [...counts]
    .map(([answer, count]) => ({ answer, count, share: sum > 0 ? count / sum : 0 }))
    .sort((one, other) => other.count - one.count || one.answer.localeCompare(other.answer))
}

export const experimentStates: Record<ExperimentStatusName, { label: string; color: string }> = {
  draft: { label: 'Draft', color: 'gray' },
  running: { label: 'Running', color: 'hedge' },
  paused: { label: 'Paused', color: 'yellow' },
  stopped: { label: 'Ended', color: 'gray' },
}

const dayMs = 86_400_000

/** `for 12 days`, `after 30 days`, or nothing before it was launched. */
export function runningWords({ start_date: from, end_date: to }: Pick<ExperimentBody, 'start_date' | 'end_date'>, nowMs: number): string {
  if (from === null) return 'not launched yet'
  const days = Math.max(0, Math.floor(((to === null ? nowMs : Date.parse(to)) - Date.parse(from)) / dayMs))
  return `${to === null ? 'for' : 'after'} ${countOf(days, 'day')}`
}
