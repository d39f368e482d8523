import type { FlagsQuery } from '@hedgerow/protocol'
import { invalidInput } from '../errors.ts'

const staleAfterMs = 30 * 86_400_000
const orders: Readonly<Record<string, string>> = {
  key: 'f.key',
  name: 'f.name',
  created_at: 'f.created_at',
  updated_at: 'f.updated_at',
  last_called_at: 'f.last_called_at',
  active: 'f.active',
}

// why: the same rule as in flagStatus, so that a list can be cut to pages where it is stored.
const isStale = `NOT f.archived AND f.active AND (f.last_called_at < $2 OR (f.last_called_at IS NULL AND f.created_at < $2 AND (
  (jsonb_array_length(coalesce(f.filters -> 'groups', '[]')) = 0 AND jsonb_array_length(coalesce(f.filters #> '{multivariate,variants}', '[]')) = 0)
  OR EXISTS (SELECT 1 FROM jsonb_array_elements(f.filters -> 'groups') g
    WHERE jsonb_array_length(coalesce(nullif(g -> 'properties', 'null'), '[]')) = 0 AND nullif(g ->> 'rollout_percentage', '')::numeric = 100
      AND (jsonb_array_length(coalesce(f.filters #> '{multivariate,variants}', '[]')) = 0
        OR EXISTS (SELECT 1 FROM jsonb_array_elements(f.filters #> '{multivariate,variants}') v
          WHERE (v ->> 'rollout_percentage')::numeric = 100 OR v ->> 'key' = g ->> 'variant'))))))`

/** A list's conditions as SQL over `feature_flags f`, with their values. */
export function flagConditions(projectId: number, query: FlagsQuery, nowMs: number): { where: string; values: unknown[]; order: string } {
  const values: unknown[] = [projectId, new Date(nowMs - staleAfterMs)]
  const conditions = ['f.project_id = $1', 'NOT f.deleted', '$2::timestamptz IS NOT NULL']
  const bind = (value: unknown): string => `$${values.push(value)}`
  if (query.active === 'STALE') conditions.push(`(${isStale})`)
  else if (query.active !== undefined) conditions.push(`f.active = ${bind(query.active === 'true')}`)
  if (query.archived !== undefined) conditions.push(`f.archived = ${bind(query.archived)}`)
  if (query.key !== undefined) conditions.push(`f.key = ${bind(query.key)}`)
  if (query.created_by_id !== undefined) conditions.push(`f.created_by = ${bind(query.created_by_id)}`)
  if (query.evaluation_runtime !== undefined) conditions.push(`f.evaluation_runtime = ${bind(query.evaluation_runtime)}`)
  if (query.search) {
    // compat: a space stands for a space, a dash or an underscore.
    const pattern = bind(query.search.trim().split(/\s+/).map(literal).join('[ _-]'))
    conditions.push(`(f.key ~* ${pattern} OR f.name ~* ${pattern})`)
  }
  const tags = listIn('tags', query.tags)
  if (tags) conditions.push(`f.tags && ${bind(tags)}::text[]`)
  const excludedTags = listIn('excluded_tags', query.excluded_tags)
  if (excludedTags) conditions.push(`NOT f.tags && ${bind(excludedTags)}::text[]`)
  const excluded = listIn('excluded_properties', query.excluded_properties)
  // compat: pickers of properties send what they have already under this name; of flags that is their keys.
  if (excluded) conditions.push(`f.key <> ALL(${bind(excluded)}::text[])`)
  if (query.has_evaluation_contexts !== undefined) {
    conditions.push(`(cardinality(f.evaluation_contexts) > 0) = ${bind(query.has_evaluation_contexts)}`)
  }
  const hasVariants = `jsonb_array_length(coalesce(nullif(f.filters #> '{multivariate,variants}', 'null'), '[]')) > 0`
  if (query.type === 'multivariant') conditions.push(hasVariants)
  if (query.type === 'boolean') conditions.push(`NOT (${hasVariants}) AND NOT f.is_remote_configuration`)
  if (query.type === 'experiment') conditions.push('EXISTS (SELECT 1 FROM experiments x WHERE x.flag_id = f.id AND NOT x.deleted)')
  if (query.type === 'remote_config') conditions.push('f.is_remote_configuration')
  if (query.eligible_for_experiment) {
    conditions.push(`${hasVariants} AND f.filters #>> '{multivariate,variants,0,key}' = 'control'`)
  }
  const [, descending, field = 'created_at'] = /^(-?)(\w+)$/.exec(query.order ?? '-created_at') ?? []
  const column = orders[field] ?? 'f.created_at'
  return { where: conditions.join(' AND '), values, order: `${column} ${descending ? 'DESC NULLS LAST' : 'ASC'}, f.id DESC` }
}

function listIn(attr: string, text: string | undefined): string[] | undefined {
  if (text === undefined || text === '') return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    if (Array.isArray(parsed) && parsed.every((item) => typeof item === 'string' && !item.includes('\0'))) return parsed
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw invalidInput(attr, 'must be a JSON list of texts')
}

/** Text as a regular expression that matches it alone. */
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
