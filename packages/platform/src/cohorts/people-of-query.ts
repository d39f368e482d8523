import { invalidInput } from '../errors.ts'
import type { QueryEngine } from '../query/query-engine.ts'

const pageRows = 50_000
/** Static cohorts made from a query. */
const mostPeople = 2_000_000

/** The ids of the persons that a query is about: an ActorsQuery, or a HogQLQuery that selects them. */
export async function peopleOfQuery(engine: QueryEngine, projectId: number, query: Record<string, unknown>): Promise<string[]> {
  const actors = query.kind === 'ActorsQuery' ? query : { kind: 'ActorsQuery', source: query }
  const ids = new Set<string>()
  for (let offset = 0; ; offset += pageRows) {
    const { results, hasMore } = await engine.rows({
      projectId,
      query: { ...actors, select: ['id'], orderBy: ['id'], limit: pageRows, offset },
    })
    for (const [id] of results) ids.add(String(id))
    if (!hasMore) return [...ids]
    if (ids.size >= mostPeople) throw invalidInput('query', `is about more than ${mostPeople} people`)
  }
}
