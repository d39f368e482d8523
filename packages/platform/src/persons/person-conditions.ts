import type { PropertyFilter } from '@hedgerow/protocol'
import { invalidInput } from '../errors.ts'
import type { PersonsFilter } from './persons.ts'

export type PersonFilter = PropertyFilter

/** A WHERE clause over `persons`, and its values from $1 on. */
export function personConditions(projectId: number, filter: PersonsFilter): { where: string; values: unknown[] } {
  const values: unknown[] = [projectId]
  const bind = (value: unknown): string => `$${values.push(value)}`
  const conditions = ['persons.project_id = $1']

  if (filter.is_identified !== undefined) conditions.push(`persons.is_identified = ${bind(filter.is_identified)}`)
  if (filter.email !== undefined) conditions.push(`persons.properties ->> 'email' = ${bind(filter.email)}`)
  if (filter.distinct_id !== undefined) conditions.push(`persons.id = (${ownerOf(`= ${bind(filter.distinct_id)}`)})`)
  if (filter.search !== undefined && filter.search !== '') conditions.push(searchCondition(filter.search, bind))
  for (const [index, property] of (filter.properties ?? []).entries()) {
    conditions.push(propertyCondition(property, bind, `properties[${index}]`))
  }
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

function propertyCondition(filter: PropertyFilter, bind: (value: unknown) => string, attr: string): string {
  if (filter.type !== 'person' && filter.type !== 'event') {
    throw invalidInput(attr, `is of type ${filter.type}; the list of persons takes person properties alone, and a query takes all`)
  }
  const key = bind(String(filter.key))
  const text = `persons.properties ->> ${key}`
  const number = `CASE WHEN jsonb_typeof(persons.properties -> ${key}) = 'number' THEN (${text})::numeric END`
  const list = (Array.isArray(filter.value) ? filter.value : [filter.value ?? '']).map(String)
  const [first = ''] = list
  const operator = filter.operator ?? 'exact'
  switch (operator) {
    case 'exact':
    case 'in':
      return `${text} = ANY(${bind(list)}::text[])`
    case 'is_not':
    case 'not_in':
      return `(${text} IS NULL OR NOT ${text} = ANY(${bind(list)}::text[]))`
    case 'icontains':
      return `${text} ILIKE ${bind(`%${escapeLike(first)}%`)}`
    case 'not_icontains':
      return `(${text} IS NULL OR ${text} NOT ILIKE ${bind(`%${escapeLike(first)}%`)})`
    case 'starts_with':
      return `${text} LIKE ${bind(`${escapeLike(first)}%`)}`
    case 'ends_with':
      return `${text} LIKE ${bind(`%${escapeLike(first)}`)}`
    case 'is_set':
      return `persons.properties ? ${key}`
    case 'is_not_set':
      return `NOT persons.properties ? ${key}`
    case 'gt':
      return `${number} > ${bind(numberOf(first, attr))}::numeric`
    case 'gte':
    case 'min':
      return `${number} >= ${bind(numberOf(first, attr))}::numeric`
    case 'lt':
      return `${number} < ${bind(numberOf(first, attr))}::numeric`
    case 'lte':
    case 'max':
      return `${number} <= ${bind(numberOf(first, attr))}::numeric`
    case 'regex':
    case 'not_regex':
    case 'is_date_exact':
    case 'is_date_before':
    case 'is_date_after':
    case 'between':
    case 'not_between':
    case 'is_cleaned_path_exact':
    case 'flag_evaluates_to':
      throw invalidInput(`${attr}.operator`, `is ${operator}, which the list of persons does not take; a query does`)
  }
}

function numberOf(text: string, attr: string): string {
  if (text.trim() === '' || !Number.isFinite(Number(text))) throw invalidInput(`${attr}.value`, `is "${text}"; it must be a number`)
  return text.trim()
}
