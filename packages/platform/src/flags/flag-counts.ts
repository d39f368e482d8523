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
  let answers = new Map<string, number>()
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
    const [nowAnswers, nowRequests] = [[...answers], [...requests]]
    answers = new Map()
    requests = new Map()
    try {
      if (nowAnswers.length > 0) {
        const parts = nowAnswers.map(([key]) => JSON.parse(key) as [number, number, string, string])
        await pool.query(addAnswers, [
          ...[0, 1, 2, 3].map((index) => parts.map((part) => part[index])),
          nowAnswers.map(([, count]) => count),
        ])
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
      const key = `[${projectId},${flagId},"${today()}",${JSON.stringify(answer)}]`
      answers.set(key, (answers.get(key) ?? 0) + 1)
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

export type FlagCounts = ReturnType<typeof createFlagCounts>
