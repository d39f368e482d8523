import { build, type syntax } from '@hedgerow/hogql'
import type { Sql } from '@hedgerow/ingestion'
import type {
  AddedPersonsBody,
  CohortBody,
  CohortCalculationBody,
  CohortChange,
  CohortCount,
  CohortCountBody,
  NewCohort,
  Page,
  PageQuery,
  PersonBody,
} from '@hedgerow/protocol'
import type { Stores } from '@hedgerow/stores'
import { invalidInput, notFound } from '../errors.ts'
import type { Persons } from '../persons/persons.ts'
import type { Project } from '../projects/project.ts'
import type { QueryEngine } from '../query/query-engine.ts'
import { runQuery } from '../query/run-query.ts'
import type { CohortCalculations } from './calculations.ts'
import { checkDefinition, checkedDefinition } from './check-definition.ts'
import { type CohortRow, cohortBody, cohortColumns, cohortFrom } from './cohort-row.ts'
import type { CohortRuns } from './cohort-runs.ts'
import { peopleOfQuery } from './people-of-query.ts'
import { readCsv } from './read-csv.ts'
import type { People, StaticMembers } from './static-members.ts'

interface Parts {
  stores: Pick<Stores, 'application' | 'events'>
  query: QueryEngine
  persons: Pick<Persons, 'byIds'>
  runs: CohortRuns
  members: StaticMembers
  calculations: CohortCalculations
}

/** Sets of people: by what they are and did, or by a list. */
export function createCohorts({ stores, query, persons, runs, members, calculations }: Parts) {
  const { pool } = stores.application

  async function get(projectId: number, id: string): Promise<CohortRow> {
    const { rows } = /^\d{1,9}$/.test(id)
      ? await pool.query<CohortRow>(`SELECT ${cohortColumns} FROM ${cohortFrom} WHERE cohorts.project_id = $1 AND cohorts.id = $2`, [
          projectId,
          id,
        ])
      : { rows: [] }
    const [row] = rows
    if (!row) throw notFound(`cohort ${id.slice(0, 40)}`)
    return row
  }

  async function getStatic(projectId: number, id: string): Promise<CohortRow> {
    const row = await get(projectId, id)
    if (!row.is_static)
      throw invalidInput('id', `names the cohort "${row.name}", which is not static: its people follow from its criteria`, 'cannot_change')
    return row
  }

  async function addPeople(projectId: number, id: number, people: People): Promise<AddedPersonsBody> {
    const outcome = await members.add(projectId, id, people)
    await makeDue(id)
    return outcome
  }

  async function makeDue(id: number): Promise<void> {
    await pool.query('UPDATE cohorts SET is_due = true, updated_at = now() WHERE id = $1', [id])
    calculations.wake()
  }

  return {
    async list(
      projectId: number,
      { limit, offset, search, type }: PageQuery & { search?: string | undefined; type?: 'static' | 'dynamic' | undefined },
    ): Promise<Pick<Page<CohortBody>, 'count' | 'results'>> {
      const where = `cohorts.project_id = $1 AND NOT cohorts.deleted AND ($2 = '' OR position(lower($2) in lower(cohorts.name)) > 0)
        AND ($3::boolean IS NULL OR cohorts.is_static = $3)`
      const values = [projectId, search ?? '', type === undefined ? null : type === 'static']
      const [counted, { rows }] = await Promise.all([
        pool.query<{ count: number }>(`SELECT count(*) FROM cohorts WHERE ${where}`, values),
        pool.query<CohortRow>(`SELECT ${cohortColumns} FROM ${cohortFrom} WHERE ${where} ORDER BY cohorts.id DESC LIMIT $4 OFFSET $5`, [
          ...values,
          limit,
          offset,
        ]),
      ])
      return { count: counted.rows[0]?.count ?? 0, results: rows.map(cohortBody) }
    },

    /** How many people criteria that nobody keeps yet would have now. Throws what is wrong with them. */
    async count(projectId: number, { id, filters }: CohortCount, signal: AbortSignal): Promise<CohortCountBody> {
      const run = { ...(await runs(projectId)), signal }
      const { people } = await checkedDefinition(run, { ...(id === undefined ? {} : { id }), name: '', filters })
      const everyone = build.select([build.field('id')], { from: { table: build.table('persons'), joins: [] } })
      const countOf = async (query: syntax.Select) => {
        const from: syntax.Select['from'] = { table: { kind: 'subquery', query }, joins: [] }
        return Number((await runQuery(run, build.select([build.call('count')], { from }))).rows[0]?.[0])
      }
      const [count, total] = await Promise.all([countOf(people), countOf(everyone)])
      return { count, total }
    },

    get: async (projectId: number, id: string): Promise<CohortBody> => cohortBody(await get(projectId, id)),

    /** A cohort's definition, checked, to be written within a transaction; call `wake` once that is done. */
    async prepared(projectId: number, userId: string | null, wanted: NewCohort): Promise<(sql: Sql) => Promise<number>> {
      const properties = wanted.is_static ? undefined : await checkDefinition(await runs(projectId), wanted)
      return async (sql) => {
        const { rows } = await sql.query<{ id: number }>(
          `INSERT INTO cohorts (project_id, name, description, is_static, filters, groups, query, created_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
          [
            projectId,
            wanted.name,
            wanted.description ?? '',
            wanted.is_static,
            JSON.stringify(properties ? { properties } : {}),
            JSON.stringify(wanted.filters ? [] : (wanted.groups ?? [])),
            wanted.query ? JSON.stringify(wanted.query) : null,
            userId,
          ],
        )
        return rows[0]?.id ?? 0
      }
    },

    /** Calculates soon whatever is due. */
    wake: (): void => calculations.wake(),

    /** Throws what is wrong with the criteria. A static cohort may bring its people along. */
    async create(projectId: number, userId: string | null, wanted: NewCohort): Promise<CohortBody> {
      if (wanted.query && !wanted.is_static)
        throw invalidInput('query', 'makes a static cohort: set is_static. A cohort that follows a query is made of criteria instead')
      const insert = await this.prepared(projectId, userId, wanted)
      const people = wanted.is_static ? await peopleOf(projectId, wanted) : undefined
      const id = await insert(pool as unknown as Sql)
      // tricky: it may have been counted already, before its people were there.
      if (people) await addPeople(projectId, id, people)
      else calculations.wake()
      return cohortBody(await get(projectId, String(id)))
    },

    async change(projectId: number, id: string, change: CohortChange): Promise<CohortBody> {
      const row = await get(projectId, id)
      const redefined = (change.filters ?? change.groups) && !row.is_static
      const name = change.name ?? row.name
      const properties = redefined
        ? await checkDefinition(await runs(projectId), { id: row.id, name, filters: change.filters, groups: change.groups })
        : row.filters.properties
      if (change.csv !== undefined) await addPeople(projectId, (await getStatic(projectId, id)).id, readCsv(change.csv))
      await pool.query(
        `UPDATE cohorts SET name = $3, description = $4, filters = $5, groups = $6, deleted = $7, is_due = is_due OR $8, updated_at = now()
         WHERE project_id = $1 AND id = $2`,
        [
          projectId,
          row.id,
          name,
          change.description === undefined ? row.description : (change.description ?? ''),
          JSON.stringify(properties ? { properties } : {}),
          JSON.stringify(redefined ? (change.filters ? [] : change.groups) : row.groups),
          change.deleted ?? row.deleted,
          Boolean(redefined) || change.deleted === false,
        ],
      )
      calculations.wake()
      return cohortBody(await get(projectId, id))
    },

    async delete(projectId: number, id: string): Promise<void> {
      const row = await get(projectId, id)
      await pool.query('UPDATE cohorts SET deleted = true, updated_at = now() WHERE id = $1', [row.id])
    },

    /** A cohort of the same people, now: static from a list, dynamic by the same criteria. */
    async duplicate(projectId: number, userId: string | null, id: string): Promise<CohortBody> {
      const row = await get(projectId, id)
      const { rows } = await pool.query<{ id: number }>(
        `INSERT INTO cohorts (project_id, name, description, is_static, filters, groups, query, created_by)
         SELECT project_id, left(name || ' (copy)', 400), description, is_static, filters, groups, query, $2 FROM cohorts WHERE id = $1 RETURNING id`,
        [row.id, userId],
      )
      const copy = rows[0]?.id ?? 0
      if (row.is_static) await members.copy(projectId, row.id, copy)
      await makeDue(copy)
      return cohortBody(await get(projectId, String(copy)))
    },

    /** A static cohort of those who are in the cohort at this moment. */
    async duplicateAsStatic(projectId: number, userId: string | null, id: string): Promise<CohortBody> {
      const row = await get(projectId, id)
      const source = { kind: 'ActorsQuery', properties: [{ type: 'cohort', key: 'id', value: row.id }] }
      return this.create(projectId, userId, { name: `${row.name} (static copy)`.slice(0, 400), is_static: true, query: source })
    },

    /** Calculates it soon, whether or not anything changed. */
    async recalculate(projectId: number, id: string): Promise<CohortBody> {
      await makeDue((await get(projectId, id)).id)
      return cohortBody(await get(projectId, id))
    },

    async addPersons(projectId: number, id: string, people: People): Promise<AddedPersonsBody> {
      return addPeople(projectId, (await getStatic(projectId, id)).id, people)
    },

    addCsv: async (projectId: number, id: string, csv: string): Promise<AddedPersonsBody> =>
      addPeople(projectId, (await getStatic(projectId, id)).id, readCsv(csv)),

    async removePerson(
      projectId: number,
      id: string,
      person: { personId?: string | undefined; distinctId?: string | undefined },
    ): Promise<void> {
      const row = await getStatic(projectId, id)
      const isRemoved = await members.remove(projectId, row.id, person)
      if (!isRemoved) throw notFound(`person ${person.personId ?? person.distinctId} in the cohort "${row.name}"`)
      await makeDue(row.id)
    },

    /** Its people at this moment, newest first. */
    async persons(
      project: Project,
      id: string,
      { limit, offset, search }: PageQuery & { search?: string | undefined },
    ): Promise<Pick<Page<PersonBody>, 'count' | 'results'>> {
      const row = await get(project.id, id)
      const among = { kind: 'ActorsQuery', properties: [{ type: 'cohort', key: 'id', value: row.id }], ...(search ? { search } : {}) }
      const [found, counted] = await Promise.all([
        query.rows({ projectId: project.id, query: { ...among, select: ['id'], orderBy: ['created_at DESC', 'id'], limit, offset } }),
        query.rows({ projectId: project.id, query: { ...among, select: ['count()'] } }),
      ])
      const ids = found.results.map(([personId]) => String(personId))
      const bodies = await persons.byIds(project, ids)
      return { count: Number(counted.results[0]?.[0] ?? 0), results: ids.flatMap((personId) => bodies.get(personId) ?? []) }
    },

    async calculationHistory(
      projectId: number,
      id: string,
      { limit, offset }: PageQuery,
    ): Promise<Pick<Page<CohortCalculationBody>, 'count' | 'results'>> {
      const row = await get(projectId, id)
      const [counted, { rows }] = await Promise.all([
        pool.query<{ count: number }>('SELECT count(*) FROM cohort_calculations WHERE project_id = $1 AND cohort_id = $2', [
          projectId,
          row.id,
        ]),
        pool.query<Omit<CohortCalculationBody, 'started_at' | 'finished_at'> & { started_at: Date; finished_at: Date | null }>(
          `SELECT id, version, filters, count, started_at, finished_at, error FROM cohort_calculations
           WHERE project_id = $1 AND cohort_id = $2 ORDER BY id DESC LIMIT $3 OFFSET $4`,
          [projectId, row.id, limit, offset],
        ),
      ])
      const results = rows.map((each) => ({
        ...each,
        started_at: each.started_at.toISOString(),
        finished_at: each.finished_at?.toISOString() ?? null,
      }))
      return { count: counted.rows[0]?.count ?? 0, results }
    },
  }

  async function peopleOf(projectId: number, wanted: NewCohort): Promise<People | undefined> {
    const given = [wanted.csv, wanted.query, wanted._create_static_person_ids].filter((part) => part !== undefined && part !== null)
    if (given.length > 1) throw invalidInput('csv', 'and query and _create_static_person_ids exclude each other')
    if (wanted.csv !== undefined) return readCsv(wanted.csv)
    if (wanted.query) return { personIds: await peopleOfQuery(query, projectId, wanted.query), distinctIds: [] }
    return wanted._create_static_person_ids && { personIds: wanted._create_static_person_ids, distinctIds: [] }
  }
}

export type Cohorts = ReturnType<typeof createCohorts>
