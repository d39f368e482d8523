export interface PersonConditions {
  search?: string | undefined
  distinct_id?: string | undefined
  email?: string | undefined
  is_identified?: boolean | undefined
}

/** A WHERE clause over `persons`, and its values from $1 on. */
export function personConditions(projectId: number, filter: PersonConditions): { where: string; values: unknown[] } {
  const values: unknown[] = [projectId]
  const bind = (value: unknown): string => `$${values.push(value)}`
  const conditions = ['persons.project_id = $1']
  if (filter.is_identified !== undefined) conditions.push(`persons.is_identified = ${bind(filter.is_identified)}`)
  if (filter.email !== undefined) conditions.push(`persons.properties ->> 'email' = ${bind(filter.email)}`)
  if (filter.distinct_id !== undefined) conditions.push(`persons.id = (${ownerOf(`= ${bind(filter.distinct_id)}`)})`)
  if (filter.search !== undefined && filter.search !== '') conditions.push(searchCondition(filter.search, bind))
  return { where: conditions.join(' AND '), values }
}

const ownerOf = (condition: string) => `SELECT person_id FROM person_distinct_ids WHERE project_id = $1 AND distinct_id ${condition}`

/** Part of an e-mail address, of a name or of a distinct id; or a whole id. */
function searchCondition(search: string, bind: (value: unknown) => string): string {
  const like = bind(`%${escapeLike(search)}%`)
  const whole = /^[0-9a-f-]{36}$/i.test(search) ? ` OR persons.id::text = lower(${bind(search)})` : ''
  return `(persons.properties ->> 'email' ILIKE ${like} OR persons.properties ->> 'name' ILIKE ${like}
    OR persons.id IN (${ownerOf(`ILIKE ${like}`)})${whole})`
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&')
