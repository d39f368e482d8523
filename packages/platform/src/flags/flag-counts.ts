import type { ApplicationStore } from '@hedgerow/stores'

const addAnswers = `
INSERT INTO feature_flag_counts AS c (project_id, flag_id, day, answer, count)
SELECT * FROM unnest($1::int[], $2::int[], $3::date[], $4::text[], $5::bigint[])
ON CONFLICT (project_id, flag_id, day, answer) DO UPDATE SET count = c.count + EXCLUDED.count`
const addRequests = `
INSERT INTO feature_flag_request_counts AS c (project_id, day, kind, count)
SELECT * FROM unnest($1::int[], $2::date[], $3::text[], $4::bigint[])
ON CONFLICT (project_id, day, kind) DO UPDATE SET count = c.count + EXCLUDED.count`

/** How often the server answered what, and how often it was asked; collected in memory, and written now and then. */
export function createFlagCounts(
  { pool }: ApplicationStore,
  options: { writeMs: number; nowMs: () => number; warn(message: string, error: unknown): void },
) {
  // why: nested, since a key made of text would cost more than the evaluation of a simple flag.
  let answers: Answers = new Map()
  let requests = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let day = ''
  let dayEndsAtMs = 0

  function today(): string {
    const nowMs = options.nowMs()
    if (nowMs >= dayEndsAtMs) {
      day = new Date(nowMs).toISOString().slice(0, 10)
      dayEndsAtMs = Date.parse(day) + 86_400_000
    }
    return day
  }

  async function write(): Promise<void> {
    const [nowAnswers, nowRequests] = [rowsOf(answers), [...requests]]
    answers = new Map()
    requests = new Map()
    try {
      if (nowAnswers.length > 0) {
        await pool.query(
          addAnswers,
          [0, 1, 2, 3, 4].map((index) => nowAnswers.map((row) => row[index])),
        )
      }
      if (nowRequests.length > 0) {
        const parts = nowRequests.map(([key]) => JSON.parse(key) as [number, string, string])
        await pool.query(addRequests, [
          ...[0, 1, 2].map((index) => parts.map((part) => part[index])),
          nowRequests.map(([, count]) => count),
        ])
      }
    } catch (error) {
      options.warn('counts of flag evaluations could not be written', error)
      // why: they are counts for people to look at; those of an outage are lost rather than counted twice.
    }
  }

  return {
    answered(projectId: number, flagId: number, answer: string): void {
      const counts = countsOf(answers, today(), projectId, flagId)
      counts.set(answer, (counts.get(answer) ?? 0) + 1)
    },
    asked(projectId: number, kind: 'evaluation' | 'definitions'): void {
      const key = `[${projectId},"${today()}","${kind}"]`
      requests.set(key, (requests.get(key) ?? 0) + 1)
    },
    start(): void {
      timer = setInterval(() => {
        writing = writing.then(write)
      }, options.writeMs)
      timer.unref()
    },
    /** Writes what was counted so far. */
    flush: (): Promise<void> => {
      writing = writing.then(write)
      return writing
    },
    async stop(): Promise<void> {
      clearInterval(timer)
      await this.flush()
    },
  }
}

/** Day → project → flag → answer → how often. */
type Answers = Map<string, Map<number, Map<number, Map<string, number>>>>

function countsOf(answers: Answers, day: string, projectId: number, flagId: number): Map<string, number> {
  const projects = answers.get(day) ?? new Map<number, Map<number, Map<string, number>>>()
  if (projects.size === 0) answers.set(day, projects)
  const flags = projects.get(projectId) ?? new Map<number, Map<string, number>>()
  if (flags.size === 0) projects.set(projectId, flags)
  const counts = flags.get(flagId) ?? new Map<string, number>()
  if (counts.size === 0) flags.set(flagId, counts)
  return counts
}

type AnswerRow = [projectId: number, flagId: number, day: string, answer: string, count: number]

function rowsOf(answers: Answers): AnswerRow[] {
  const rows: AnswerRow[] = []
  for (const [day, projects] of answers)
    for (const [projectId, flags] of projects)
      for (const [flagId, counts] of flags) for (const [answer, count] of counts) rows.push([projectId, flagId, day, answer, count])
  return rows
}

export type FlagCounts = ReturnType<typeof createFlagCounts>
