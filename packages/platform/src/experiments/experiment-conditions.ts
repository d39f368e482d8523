import type { ExperimentsQuery } from '@hedgerow/protocol'
import { invalidInput } from '../errors.ts'

const statusSql = `CASE WHEN experiments.end_date IS NOT NULL THEN 'stopped' WHEN experiments.start_date IS NULL THEN 'draft'
  WHEN flag.active THEN 'running' ELSE 'paused' END`

const orders: Record<string, string> = {
  name: 'experiments.name',
  created_at: 'experiments.created_at',
  updated_at: 'experiments.updated_at',
  start_date: 'experiments.start_date',
  end_date: 'experiments.end_date',
  duration: 'coalesce(experiments.end_date, now()) - experiments.start_date',
  status: statusSql,
  created_by: 'creator.email',
}

/** A list's conditions and order, for `experimentFrom`. Deleted ones are never listed. */
export function listConditions(projectId: number, query: ExperimentsQuery): { where: string; values: unknown[]; order: string } {
  const values: unknown[] = [projectId]
  const bind = (value: unknown) => `$${values.push(value)}`
  const where = ['experiments.project_id = $1', 'NOT experiments.deleted', `experiments.archived = ${bind(query.archived ?? false)}`]
  if (query.status && query.status !== 'all') where.push(`${statusSql} = ${bind(query.status === 'complete' ? 'stopped' : query.status)}`)
  if (query.feature_flag_id !== undefined) where.push(`experiments.flag_id = ${bind(query.feature_flag_id)}`)
  if (query.created_by_id) where.push(`experiments.created_by = ${bind(query.created_by_id)}`)
  if (query.search) {
    const pattern = bind(`%${query.search.replace(/[\\%_]/g, '\\$&')}%`)
    where.push(`(experiments.name ILIKE ${pattern} OR experiments.flag_key ILIKE ${pattern} OR experiments.description ILIKE ${pattern})`)
  }
  const wanted = query.order ?? '-created_at'
  const column = orders[wanted.replace(/^-/, '')]
  if (!column)
    throw invalidInput('order', `must be one of ${Object.keys(orders).join(', ')}, with a minus for descending; it is "${wanted}"`)
  const direction = wanted.startsWith('-') ? 'DESC' : 'ASC'
  return { where: where.join(' AND '), values, order: `${column} ${direction} NULLS LAST, experiments.id DESC` }
}
