import { type ConditionMatcher, personProperties } from '@hedgerow/flags'
import type { BlastRadiusBody } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'

type Properties = Readonly<Record<string, unknown>>

interface Candidate {
  id: string
  properties: Properties
  created_at: Date
  distinct_ids: string[]
  cohort_ids: number[] | null
}

/** Rows read at once. */
const pageRows = 5_000
/** limit: persons looked at one by one; beyond, the share among these is taken for the share of all. */
const maxRows = 1_000_000

/** How many persons, or groups, satisfy a release condition, whatever its rollout; all of them without one. */
export async function blastRadius(
  { pool }: ApplicationStore,
  projectId: number,
  matcher: ConditionMatcher | undefined,
  groupTypeIndex: number | undefined,
  options: { nowMs: number; isFollowedMember(cohortId: number, personId: string): boolean },
): Promise<BlastRadiusBody> {
  const total = await count(pool, projectId, groupTypeIndex)
  if (!matcher) return answer(total, total)
  let looked = 0
  let affected = 0
  const read = groupTypeIndex === undefined ? readPersons : readGroups
  for (let after: string | undefined = ''; after !== undefined && looked < maxRows; ) {
    const page: { subjects: ReturnType<typeof personSubject>[]; last: string | undefined } = await read(
      pool,
      projectId,
      after,
      groupTypeIndex,
      options,
    )
    for (const subject of page.subjects) if (matcher.matches(subject)) affected += 1
    looked += page.subjects.length
    after = page.last
  }
  return answer(looked < total && looked > 0 ? Math.round((affected / looked) * total) : affected, total)
}

const answer = (affected: number, total: number): BlastRadiusBody => {
  const capped = Math.min(affected, total)
  return { affected: capped, total, users_affected: capped, total_users: total }
}

async function count(pool: ApplicationStore['pool'], projectId: number, groupTypeIndex: number | undefined): Promise<number> {
  const { rows } =
    groupTypeIndex === undefined
      ? await pool.query<{ count: number }>('SELECT count(*) FROM persons WHERE project_id = $1', [projectId])
      : await pool.query<{ count: number }>('SELECT count(*) FROM groups WHERE project_id = $1 AND group_type_index = $2', [
          projectId,
          groupTypeIndex,
        ])
  return rows[0]?.count ?? 0
}

async function readPersons(
  pool: ApplicationStore['pool'],
  projectId: number,
  after: string,
  _groupTypeIndex: number | undefined,
  options: Parameters<typeof blastRadius>[4],
) {
  const { rows } = await pool.query<Candidate>(
    `SELECT p.id, p.properties, p.created_at,
       ARRAY(SELECT d.distinct_id FROM person_distinct_ids d WHERE d.project_id = p.project_id AND d.person_id = p.id LIMIT 1) AS distinct_ids,
       (SELECT array_agg(DISTINCT m.cohort_id) FROM person_distinct_ids o
        JOIN static_cohort_members m ON m.project_id = o.project_id AND m.distinct_id = o.distinct_id
        WHERE o.project_id = p.project_id AND o.person_id = p.id) AS cohort_ids
     FROM persons p WHERE p.project_id = $1 AND ($2 = '' OR p.id > nullif($2, '')::uuid) ORDER BY p.id LIMIT ${pageRows}`,
    [projectId, after],
  )
  return { subjects: rows.map((row) => personSubject(row, options)), last: rows.length < pageRows ? undefined : rows.at(-1)?.id }
}

function personSubject(row: Candidate, { nowMs, isFollowedMember }: Parameters<typeof blastRadius>[4]) {
  const distinctId = row.distinct_ids[0] ?? ''
  const members = new Set(row.cohort_ids ?? [])
  return {
    distinctId,
    person: personProperties(row.properties, undefined, distinctId),
    personColumns: { created_at: row.created_at.toISOString(), id: row.id } as Properties,
    deviceId: undefined,
    anonymousId: undefined,
    hashKeys: undefined,
    groups: [] as ({ key: string; properties: Properties } | undefined)[],
    isMember: (cohortId: number) => members.has(cohortId) || isFollowedMember(cohortId, row.id),
    nowMs,
  }
}

async function readGroups(
  pool: ApplicationStore['pool'],
  projectId: number,
  after: string,
  groupTypeIndex: number | undefined,
  { nowMs }: Parameters<typeof blastRadius>[4],
) {
  const index = groupTypeIndex ?? 0
  const { rows } = await pool.query<{ group_key: string; properties: Properties }>(
    `SELECT group_key, properties FROM groups WHERE project_id = $1 AND group_type_index = $2 AND group_key > $3
     ORDER BY group_key LIMIT ${pageRows}`,
    [projectId, index, after],
  )
  const subjects = rows.map((row): ReturnType<typeof personSubject> => {
    const groups: ReturnType<typeof personSubject>['groups'] = []
    groups[index] = { key: row.group_key, properties: { ...row.properties, $group_key: row.group_key } }
    return {
      distinctId: '',
      person: {},
      personColumns: {},
      deviceId: undefined,
      anonymousId: undefined,
      hashKeys: undefined,
      groups,
      isMember: () => false,
      nowMs,
    }
  })
  return { subjects, last: rows.length < pageRows ? undefined : rows.at(-1)?.group_key }
}
