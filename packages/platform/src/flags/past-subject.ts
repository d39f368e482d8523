import { type FlagSource, personProperties, type Subject, subjectGroups } from '@hedgerow/flags'
import type { EvaluationQuestion } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import type { QueryEngine } from '../query/query-engine.ts'
import type { FlagPeople } from './flag-people.ts'
import { groupAt, personAt } from './past-evaluations.ts'

/** Whoever is asked about, as known at a moment. */
export interface PastSubject {
  subject: Subject
  personId: string | undefined
  /** The event that tells of the person; undefined where nothing was known of them. */
  seenAt: string | undefined
}

/** Makes a person and their groups what they were at a moment, from events and from what is stored with its time. */
export async function subjectAt(
  parts: { application: ApplicationStore; query: QueryEngine; people: FlagPeople },
  projectId: number,
  asked: { question: EvaluationQuestion; distinctIds: readonly string[]; groupTypes: FlagSource['groupTypes'] },
  at: string,
): Promise<PastSubject> {
  const { question, distinctIds, groupTypes } = asked
  const [distinctId = ''] = distinctIds
  const known = await parts.people.person(projectId, distinctId)
  const then = await personAt(parts.query, projectId, distinctIds, at)
  const groups = new Map<string, Readonly<Record<string, unknown>> | undefined>()
  for (const [index, group] of subjectGroups(groupTypes, question.groups, undefined, () => undefined).entries()) {
    const type = [...groupTypes].find(([, typeIndex]) => typeIndex === index)?.[0]
    if (group && type !== undefined) groups.set(`${index}:${group.key}`, await groupAt(parts.query, projectId, type, group.key, at))
  }
  const members = await cohortIdsAt(parts.application, projectId, distinctIds, at)
  const device = question.$device_id ?? question.person_properties?.$device_id
  return {
    personId: known.id,
    seenAt: then?.seenAt,
    subject: {
      distinctId,
      person: personProperties(then?.properties, question.person_properties, distinctId),
      personColumns: known.columns,
      deviceId: typeof device === 'string' && device !== '' ? device : undefined,
      anonymousId: question.$anon_distinct_id,
      hashKeys: await hashKeysAt(parts.application, projectId, distinctIds, at),
      groups: subjectGroups(groupTypes, question.groups, question.group_properties, (index, key) => groups.get(`${index}:${key}`)),
      isMember: (cohortId) => members.has(cohortId),
      nowMs: Date.parse(at),
    },
  }
}

/** Static cohorts that the person had been added to. */
async function cohortIdsAt({ pool }: ApplicationStore, projectId: number, distinctIds: readonly string[], at: string) {
  const { rows } = await pool.query<{ cohort_id: number }>(
    'SELECT DISTINCT cohort_id FROM static_cohort_members WHERE project_id = $1 AND distinct_id = ANY($2::text[]) AND added_at <= $3',
    [projectId, distinctIds, at],
  )
  return new Set(rows.map((row) => row.cohort_id))
}

async function hashKeysAt({ pool }: ApplicationStore, projectId: number, distinctIds: readonly string[], at: string) {
  const { rows } = await pool.query<{ flag_key: string; hash_key: string }>(
    `SELECT DISTINCT ON (flag_key) flag_key, hash_key FROM feature_flag_hash_keys
     WHERE project_id = $1 AND distinct_id = ANY($2::text[]) AND created_at <= $3 ORDER BY flag_key, created_at`,
    [projectId, distinctIds, at],
  )
  return new Map(rows.map((row) => [row.flag_key, row.hash_key]))
}
