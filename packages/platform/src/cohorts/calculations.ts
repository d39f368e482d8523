import { build, type syntax } from '@hedgerow/hogql'
import type { CohortPersonRow, Stores } from '@hedgerow/stores'
import type { Log } from '../log.ts'
import { compileRun, querySettings } from '../query/run-query.ts'
import type { CohortRuns } from './cohort-runs.ts'

/** People that are written at once. */
const blockSize = 50_000

export interface CalculationsOptions {
  runs: CohortRuns
  now: () => Date
  log: Log
  /** A cohort that nobody changed is calculated again when its last calculation is older. */
  refreshMs: number
  /** How often cohorts that are due are looked for. */
  pollMs: number
  /** A calculation that did not end in this time was broken off: its process is gone. */
  abandonedMs: number
}

interface Claim {
  id: number
  project_id: number
  name: string
  version: number
}

/**
 * Calculates cohorts into stored membership, one after another, in whichever process claims one. Questions do not read it: they
 * compute cohorts themselves (docs/decisions/0005-cohorts.md); it is for the tables of members, and for counts.
 */
export function createCohortCalculations(stores: Pick<Stores, 'application' | 'events'>, options: CalculationsOptions) {
  const { pool } = stores.application
  const { now, log } = options
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> | undefined
  let isWanted = false
  const stopping = new AbortController()

  /** The cohort that is most due, taken so that no other process takes it. */
  async function claim(): Promise<Claim | undefined> {
    const at = now()
    const { rows } = await pool.query<Claim>(
      `UPDATE cohorts SET calculation_started_at = $1, is_due = false, pending_version = pending_version + 1
       WHERE id = (
         SELECT c.id FROM cohorts c JOIN projects p ON p.id = c.project_id AND p.deleted_at IS NULL
         WHERE NOT c.deleted AND (c.calculation_started_at IS NULL OR c.calculation_started_at < $3)
           AND (c.is_due OR greatest(c.last_calculation, c.last_error_at) IS NULL OR greatest(c.last_calculation, c.last_error_at) < $2)
         ORDER BY NOT c.is_due, c.last_calculation NULLS FIRST, c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED)
       RETURNING id, project_id, name, pending_version AS version`,
      [at, new Date(at.getTime() - options.refreshMs), new Date(at.getTime() - options.abandonedMs)],
    )
    return rows[0]
  }

  async function calculate(cohort: Claim): Promise<void> {
    const startedAt = now()
    await pool.query(
      `INSERT INTO cohort_calculations (project_id, cohort_id, version, filters, started_at)
       SELECT project_id, id, $2, filters, $3 FROM cohorts WHERE id = $1`,
      [cohort.id, cohort.version, startedAt],
    )
    try {
      const count = await store(cohort, startedAt)
      await finish(cohort, count)
    } catch (error) {
      if (stopping.signal.aborted) return release(cohort)
      await fail(cohort, error)
    }
  }

  /** The cohort's people, as questions see them at this moment. */
  async function store(cohort: Claim, at: Date): Promise<number> {
    const compiled = await compileRun({ ...(await options.runs(cohort.project_id)), now: at }, membersOf(cohort.id))
    const people = stores.events.stream(compiled.sql, {
      params: compiled.params,
      settings: querySettings,
      projectId: cohort.project_id,
      lane: 'background',
      maxResultRows: maxMembers,
      signal: stopping.signal,
    })
    let count = 0
    let block: CohortPersonRow[] = []
    const flush = async () => {
      if (block.length === 0) return
      const lines = block.map((row) => `${JSON.stringify(row)}\n`).join('')
      await stores.events.insert('cohort_people', new TextEncoder().encode(lines), {
        token: `cohort ${cohort.id} ${cohort.version} ${count}`,
      })
      count += block.length
      block = []
      await pool.query('UPDATE cohort_calculations SET count = $3 WHERE cohort_id = $1 AND version = $2', [
        cohort.id,
        cohort.version,
        count,
      ])
    }
    for await (const row of people) {
      const [personId] = Object.values(row)
      block.push({ project_id: cohort.project_id, cohort_id: cohort.id, version: cohort.version, person_id: String(personId) })
      if (block.length >= blockSize) await flush()
    }
    await flush()
    return count
  }

  async function finish(cohort: Claim, count: number): Promise<void> {
    const at = now()
    const { rowCount } = await pool.query(
      `UPDATE cohorts SET version = $2, count = $3, last_calculation = $4, calculation_started_at = NULL, errors_calculating = 0,
         last_error_at = NULL, last_error = NULL WHERE id = $1 AND pending_version = $2`,
      [cohort.id, cohort.version, count, at],
    )
    await record(cohort, at, null)
    // Before the first there was none, and looking for its rows takes longer than most calculations.
    if (rowCount !== 0 && cohort.version === 1) return
    // Somebody took it over meanwhile: then its rows count, not these.
    const old = rowCount === 0 ? '=' : '<'
    await stores.events.command(
      `DELETE FROM cohort_people WHERE project_id = {project: UInt32} AND cohort_id = {cohort: UInt32} AND version ${old} {version: UInt64}`,
      { params: { project: cohort.project_id, cohort: cohort.id, version: cohort.version }, lane: 'background' },
    )
  }

  async function fail(cohort: Claim, error: unknown): Promise<void> {
    const at = now()
    const message = error instanceof Error ? error.message.slice(0, 1000) : String(error)
    log('warn', 'a cohort could not be calculated', { project: cohort.project_id, cohort: cohort.id, error })
    await pool.query(
      `UPDATE cohorts SET calculation_started_at = NULL, errors_calculating = errors_calculating + 1, last_error_at = $3, last_error = $4
       WHERE id = $1 AND pending_version = $2`,
      [cohort.id, cohort.version, at, message],
    )
    await record(cohort, at, message)
  }

  async function release(cohort: Claim): Promise<void> {
    await pool.query('UPDATE cohorts SET calculation_started_at = NULL, is_due = true WHERE id = $1 AND pending_version = $2', [
      cohort.id,
      cohort.version,
    ])
    await record(cohort, now(), 'The server was stopped')
  }

  async function record(cohort: Claim, at: Date, error: string | null): Promise<void> {
    await pool.query('UPDATE cohort_calculations SET finished_at = $3, error = $4 WHERE cohort_id = $1 AND version = $2', [
      cohort.id,
      cohort.version,
      at,
      error,
    ])
    await pool.query(
      `DELETE FROM cohort_calculations WHERE cohort_id = $1 AND id NOT IN (
         SELECT id FROM cohort_calculations WHERE cohort_id = $1 ORDER BY id DESC LIMIT $2)`,
      [cohort.id, historyKept],
    )
  }

  /** Calculates until nothing is due. */
  async function drain(): Promise<void> {
    while (!stopping.signal.aborted) {
      isWanted = false
      const cohort = await claim()
      if (cohort) await calculate(cohort)
      else if (!isWanted) return
    }
  }

  function wake(): void {
    isWanted = true
    working ??= drain()
      .catch((error) => log('warn', 'cohorts could not be calculated', { error }))
      .finally(() => {
        working = undefined
      })
  }

  return {
    start(): void {
      timer = setInterval(wake, options.pollMs)
      timer.unref()
      wake()
    },
    /** Something became due. */
    wake: () => {
      if (timer) wake()
    },
    /** Calculates all that is due, now; for those who cannot wait. */
    drain,
    async stop(): Promise<void> {
      clearInterval(timer)
      stopping.abort()
      await working
    },
  }
}

/** Beyond it the engine refuses; the cohort shows the error. */
const maxMembers = 50_000_000
/** Calculations of a cohort that its history shows. */
const historyKept = 50

function membersOf(cohortId: number): syntax.Query {
  return build.select([build.alias('person_id', build.field('id'))], {
    from: { table: build.table('persons'), joins: [] },
    where: build.compare('in cohort', build.field('id'), build.constant(cohortId)),
  })
}

export type CohortCalculations = ReturnType<typeof createCohortCalculations>
