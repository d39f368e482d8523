import { FlagSet, flagValue, mergeFilters, personProperties, type Subject } from '@hedgerow/flags'
import type { Sql } from '@hedgerow/ingestion'
import type { ReplayQuestion } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import type { QueryEngine } from '../query/query-engine.ts'
import type { FlagPeople } from './flag-people.ts'
import { definitionOf, fieldsOf } from './flag-row.ts'
import { readFlagSource } from './flag-source.ts'
import type { Flags } from './flags.ts'
import { type FollowedCohorts, membership } from './followed-cohorts.ts'
import { type ToldEvaluation, toldEvaluations } from './past-evaluations.ts'
import { checkFlag } from './write-flag.ts'

/** limit: who is looked at by one replay; of more, those first by distinct id. */
const maxEvaluations = 100_000

/** What a change of a flag would do to those who were told its answer in the last days. */
export function createReplayFlag(
  application: ApplicationStore,
  parts: { flags: Flags; people: FlagPeople; followed: FollowedCohorts; query: QueryEngine; nowMs: () => number },
) {
  const sql = application.pool as unknown as Sql

  async function subjectOf(projectId: number, told: ToldEvaluation, followed: { has(cohortId: number): boolean }): Promise<Subject> {
    const known = await parts.people.person(projectId, told.distinctId)
    const groups = await Promise.all(
      told.groupKeys.map(async (key, index) => {
        if (key === '') return undefined
        return { key, properties: { ...(await parts.people.group(projectId, index, key)), $group_key: key } }
      }),
    )
    return {
      distinctId: told.distinctId,
      person: personProperties(told.properties, undefined, told.distinctId),
      personColumns: known.columns,
      deviceId: typeof told.properties.$device_id === 'string' ? told.properties.$device_id : undefined,
      anonymousId: undefined,
      hashKeys: known.hashKeys,
      groups,
      isMember: membership(parts.followed, projectId, followed, known),
      nowMs: parts.nowMs(),
    }
  }

  return async (projectId: number, id: string, { change, days }: ReplayQuestion) => {
    const row = await parts.flags.row(projectId, id)
    const source = await readFlagSource(sql, projectId)
    const { filters, ...rest } = change
    const defined = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
    const fields = { ...fieldsOf(row), ...defined, ...(filters ? { filters: mergeFilters(row.filters, filters) } : {}) }
    const after = definitionOf({ ...fields, id: row.id, version: row.version })
    await checkFlag(sql, projectId, after)
    const [now, then] = [
      new FlagSet(source),
      new FlagSet({ ...source, flags: source.flags.map((flag) => (flag.id === row.id ? after : flag)) }),
    ]
    const evaluations = await toldEvaluations(parts.query, projectId, row.key, days, maxEvaluations)
    const followed = new Map([...now.needs.followedCohorts, ...then.needs.followedCohorts])
    await parts.followed.ready(projectId, followed)
    const moves = new Map<string, { from: string; to: string; people: Set<string> }>()
    let changed = 0
    const people = { all: new Set<string>(), changed: new Set<string>() }
    for (const told of evaluations) {
      const subject = await subjectOf(projectId, told, followed)
      const [from, to] = [answerOf(now, subject, row.key), answerOf(then, subject, row.key)]
      const move = moves.get(`${from} ${to}`) ?? { from, to, people: new Set<string>() }
      moves.set(`${from} ${to}`, move)
      move.people.add(told.personId)
      people.all.add(told.personId)
      if (from === to) continue
      changed += 1
      people.changed.add(told.personId)
    }
    return {
      /** Distinct ids that were told, and those that would be told otherwise. */
      evaluations: evaluations.length,
      changed,
      /** Whose they are. */
      people: people.all.size,
      people_changed: people.changed.size,
      is_limited: evaluations.length >= maxEvaluations,
      days,
      moves: [...moves.values()]
        .map(({ from, to, people }) => ({ from, to, people: people.size, is_change: from !== to }))
        .sort((a, b) => Number(b.is_change) - Number(a.is_change) || b.people - a.people),
    }
  }
}

function answerOf(set: FlagSet, subject: Subject, key: string): string {
  const [result] = set.evaluate(subject, { keys: [key], runtime: 'all' }).results.filter((each) => each.key === key)
  return result ? String(flagValue(result)) : 'false'
}
