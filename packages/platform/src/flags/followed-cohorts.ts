import { type CohortTriggers, FlagFailure } from '@hedgerow/flags'
import type { CommittedChanges } from '@hedgerow/ingestion'
import type { QueryEngine } from '../query/query-engine.ts'

interface Followed {
  projectId: number
  cohortId: number
  triggers: CohortTriggers
  sinceMs: number
  /** Ids of persons; undefined before they were first read. */
  members: Set<string> | undefined
  loading: Promise<void> | undefined
  /** Persons who did something since they were last looked at. */
  touched: Set<string>
  readAtMs: number
  isOutdated: boolean
  askedAtMs: number
}

export interface FollowedCohortsOptions {
  query: QueryEngine
  /** How often persons who did something are looked at. */
  everyMs: number
  /** How often all members are read anew, since people also leave a cohort by doing nothing. */
  reloadMs: number
  nowMs: () => number
  warn(message: string, error: unknown): void
}

/** Whether a person, as stored, is in a cohort: in memory where it is followed, else by the stored list. */
export function membership(
  followed: FollowedCohorts,
  projectId: number,
  followedIds: { has(cohortId: number): boolean },
  person: { id: string | undefined; cohortIds: ReadonlySet<number> },
): (cohortId: number) => boolean {
  return (cohortId) => (followedIds.has(cohortId) ? followed.isMember(projectId, cohortId, person.id) : person.cohortIds.has(cohortId))
}

/** Rows of one answer, and persons looked at one by one; of more the whole cohort is read. */
const pageRows = 40_000
const maxTouched = 5_000
/** A cohort that no flag asked for in this time is followed no longer. */
const forgetAfterMs = 600_000
/** Far longer than ingestion takes to learn that a project is watched: from then on it names who did something. */
const newForMs = 10_000

/**
 * Members of cohorts by what people do, in memory. Ingestion tells who did something; those are looked at again by the cohort's own
 * query, the same that calculates it as a whole. What is known stays while the event store is away.
 */
export class FollowedCohorts {
  readonly #options: FollowedCohortsOptions
  readonly #followed = new Map<string, Followed>()
  #timer: NodeJS.Timeout | undefined
  #working: Promise<void> = Promise.resolve()
  #isWorking = false
  #workedAtMs = Number.NEGATIVE_INFINITY
  #isStopped = false

  constructor(options: FollowedCohortsOptions) {
    this.#options = options
  }

  /** Begins to follow; undefined where all members are known, else when they are. Rejects if they cannot be read. */
  ready(projectId: number, cohorts: ReadonlyMap<number, CohortTriggers>): Promise<unknown> | undefined {
    const loading: Promise<void>[] = []
    for (const [cohortId, triggers] of cohorts) {
      const followed = this.#follow(projectId, cohortId, triggers)
      followed.triggers = triggers
      followed.askedAtMs = this.#options.nowMs()
      if (followed.members) continue
      followed.loading ??= this.#readAll(followed).finally(() => {
        followed.loading = undefined
      })
      loading.push(followed.loading)
    }
    return loading.length > 0 ? Promise.all(loading) : undefined
  }

  /** Throws FlagFailure while the members were never read. */
  isMember(projectId: number, cohortId: number, personId: string | undefined): boolean {
    const members = this.#followed.get(`${projectId}:${cohortId}`)?.members
    if (!members) throw new FlagFailure(`The members of cohort ${cohortId} cannot be read at the moment.`)
    return personId !== undefined && members.has(personId)
  }

  /** Notes who may have come into a cohort, or left it, by a commit. */
  hear({ active, persons, distinctIds, unwatched }: CommittedChanges): void {
    if (this.#followed.size === 0) return
    // why: with a distinct id, what was done under it goes to another person.
    const moved = new Set(distinctIds.map(({ projectId }) => projectId))
    let isTouched = false
    for (const followed of this.#followed.values()) {
      const { projectId, triggers, touched } = followed
      const before = touched.size
      // tricky: what came in before ingestion knew that anybody follows, and was stored after the members were read, names nobody.
      if (unwatched.includes(projectId) && this.#options.nowMs() - followed.sinceMs < newForMs) {
        followed.isOutdated = true
        isTouched = true
      }
      for (const done of active) {
        if (done.projectId === projectId && (triggers.events?.has(done.event) ?? true)) touched.add(done.id)
      }
      if (triggers.readsProperties || moved.has(projectId)) {
        for (const person of persons) if (person.projectId === projectId) touched.add(person.id)
      }
      isTouched ||= touched.size > before
    }
    // why: who has just done something asks for flags next; only commits that come fast wait for each other.
    if (isTouched && !this.#isWorking && !this.#isStopped && this.#timer)
      this.#workAfter(this.#workedAtMs + this.#options.everyMs - this.#options.nowMs())
  }

  /** Definitions changed: members are read anew, and those of before count until then. */
  outdate(projectId: number): void {
    for (const followed of this.#followed.values()) if (followed.projectId === projectId) followed.isOutdated = true
  }

  start(): void {
    this.#workAfter(this.#options.everyMs)
  }

  #workAfter(delayMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(
      () => {
        this.#isWorking = true
        this.#working = this.#work().finally(() => {
          this.#isWorking = false
          this.#workedAtMs = this.#options.nowMs()
          if (!this.#isStopped) this.#workAfter(this.#options.everyMs)
        })
      },
      Math.max(0, delayMs),
    )
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#working
  }

  #follow(projectId: number, cohortId: number, triggers: CohortTriggers): Followed {
    const key = `${projectId}:${cohortId}`
    const known = this.#followed.get(key)
    if (known) return known
    const nowMs = this.#options.nowMs()
    const followed: Followed = {
      projectId,
      cohortId,
      triggers,
      sinceMs: nowMs,
      members: undefined,
      loading: undefined,
      touched: new Set(),
      readAtMs: 0,
      isOutdated: false,
      askedAtMs: nowMs,
    }
    this.#followed.set(key, followed)
    return followed
  }

  async #work(): Promise<void> {
    const nowMs = this.#options.nowMs()
    for (const [key, followed] of this.#followed) {
      if (nowMs - followed.askedAtMs > forgetAfterMs) this.#followed.delete(key)
      if (!followed.members || this.#isStopped) continue
      try {
        if (followed.isOutdated || followed.touched.size > maxTouched || nowMs - followed.readAtMs > this.#options.reloadMs) {
          await this.#readAll(followed)
        } else if (followed.touched.size > 0) await this.#readTouched(followed)
      } catch (error) {
        this.#options.warn('members of a cohort cannot be followed; those last known count', error)
      }
    }
  }

  async #readAll(followed: Followed): Promise<void> {
    followed.touched.clear()
    followed.isOutdated = false
    try {
      followed.members = await this.#allIdsOf(followed)
    } catch (error) {
      followed.isOutdated = true
      throw error
    }
    followed.readAtMs = this.#options.nowMs()
  }

  async #allIdsOf(followed: Followed): Promise<Set<string>> {
    const members = new Set<string>()
    for (let after = ''; ; ) {
      const ids = await this.#idsOf(followed, 'toString(id) > {after}', { after })
      for (const id of ids) members.add(id)
      if (ids.length < pageRows) return members
      after = ids.at(-1) as string
    }
  }

  async #readTouched(followed: Followed): Promise<void> {
    const ids = [...followed.touched]
    followed.touched.clear()
    try {
      const inside = new Set(await this.#idsOf(followed, 'toString(id) IN {ids}', { ids }))
      for (const id of ids) {
        if (inside.has(id)) followed.members?.add(id)
        else followed.members?.delete(id)
      }
    } catch (error) {
      for (const id of ids) followed.touched.add(id)
      throw error
    }
  }

  async #idsOf({ projectId, cohortId }: Followed, condition: string, values: Record<string, unknown>): Promise<string[]> {
    const { results } = await this.#options.query.rows({
      projectId,
      query: {
        kind: 'HogQLQuery',
        query: `SELECT toString(id) AS person FROM persons WHERE ${condition} AND id IN COHORT ${cohortId} ORDER BY person LIMIT ${pageRows}`,
        values,
      },
    })
    return results.map(([id]) => String(id))
  }
}
