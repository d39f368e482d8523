import { randomUUID } from 'node:crypto'
import type { Sql } from '@hedgerow/ingestion'
import { type ExperimentChange, type ExperimentMetricNode, experimentLimits, type FlagBody, type NewExperiment } from '@hedgerow/protocol'
import { invalidInput } from '../errors.ts'
import { storedJson } from '../query/stored-json.ts'
import { type PinnedDefinition, variantsOf } from './pinned.ts'

/** Columns that a request can set, with how each is stored. */
const columns = {
  name: 'text',
  description: 'text',
  type: 'text',
  parameters: 'json',
  running_time_calculation: 'json',
  start_date: 'text',
  end_date: 'text',
  archived: 'text',
  deleted: 'text',
  exposure_criteria: 'json',
  metrics: 'json',
  metrics_secondary: 'json',
  primary_metrics_ordered_uuids: 'text',
  secondary_metrics_ordered_uuids: 'text',
  stats_config: 'json',
  only_count_matured_users: 'text',
  holdout_id: 'text',
  conclusion: 'text',
  conclusion_comment: 'text',
} as const
type Column = keyof typeof columns

/** What stands for null in columns that hold something always. */
const empty: Partial<Record<Column, unknown>> = {
  description: '',
  type: 'product',
  parameters: {},
  exposure_criteria: {},
  stats_config: {},
  primary_metrics_ordered_uuids: [],
  secondary_metrics_ordered_uuids: [],
}

export type ExperimentValues = Partial<Record<Column | 'phase' | 'pinned' | 'exposure_cohort_id' | 'flag_id' | 'flag_key', unknown>>

/** The values of a request, by column; metrics get uuids where they have none. */
export function valuesOf(given: NewExperiment | ExperimentChange): ExperimentValues {
  const values: ExperimentValues = {}
  for (const column of Object.keys(columns) as Column[]) {
    const value = (given as Record<string, unknown>)[column]
    if (value !== undefined) values[column] = value ?? empty[column] ?? null
  }
  for (const column of ['metrics', 'metrics_secondary'] as const) {
    if (values[column]) values[column] = (values[column] as ExperimentMetricNode[]).map((metric) => ({ uuid: randomUUID(), ...metric }))
  }
  const sizeBytes = JSON.stringify(values).length
  if (sizeBytes > experimentLimits.maxBytes)
    throw invalidInput('metrics', `and the other fields must be at most ${experimentLimits.maxBytes} bytes of JSON; these are ${sizeBytes}`)
  return values
}

const json = new Set<string>([...Object.keys(columns).filter((name) => columns[name as Column] === 'json'), 'pinned'])
const stored = (column: string, value: unknown) => (json.has(column) && value !== null ? storedJson(value) : value)

export async function insertExperiment(
  sql: Sql,
  projectId: number,
  userId: string | null,
  flag: Pick<FlagBody, 'id' | 'key'>,
  values: ExperimentValues,
): Promise<number> {
  const all: Record<string, unknown> = { ...values, project_id: projectId, created_by: userId, flag_id: flag.id, flag_key: flag.key }
  const names = Object.keys(all)
  const { rows } = await sql.query<{ id: number }>(
    `INSERT INTO experiments (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')}) RETURNING id`,
    names.map((name) => stored(name, all[name])),
  )
  return rows[0]?.id ?? 0
}

export async function updateExperiment(sql: Sql, id: number, values: ExperimentValues): Promise<void> {
  const names = Object.keys(values)
  await sql.query(
    `UPDATE experiments SET ${[...names.map((name, i) => `${name} = $${i + 2}`), 'updated_at = now()'].join(', ')} WHERE id = $1`,
    [id, ...names.map((name) => stored(name, (values as Record<string, unknown>)[name]))],
  )
}

/** The shared metrics of an experiment, all at once. @throws HedgerowError for one that does not exist */
export async function linkMetrics(
  sql: Sql,
  projectId: number,
  experimentId: number,
  links: NonNullable<NewExperiment['saved_metrics_ids']>,
): Promise<void> {
  const ids = links.map(({ id }) => id)
  const { rows } = await sql.query<{ id: number }>(
    'SELECT id FROM experiment_saved_metrics WHERE project_id = $1 AND id = ANY($2::int[])',
    [projectId, ids],
  )
  const known = new Set(rows.map(({ id }) => id))
  const index = ids.findIndex((id) => !known.has(id))
  if (index >= 0) throw invalidInput(`saved_metrics_ids[${index}]`, `is ${ids[index]}: there is no such shared metric`)
  await sql.query('DELETE FROM experiment_metric_links WHERE experiment_id = $1', [experimentId])
  await sql.query(
    `INSERT INTO experiment_metric_links (experiment_id, saved_metric_id, metadata)
     SELECT $1, link.id, link.metadata FROM jsonb_to_recordset($2::jsonb) AS link(id int, metadata jsonb)
     ON CONFLICT (experiment_id, saved_metric_id) DO UPDATE SET metadata = EXCLUDED.metadata`,
    [experimentId, storedJson(links)],
  )
}

/** Variants as a request gives them; `split_percent` is another name of the share. */
export function requestedVariants(
  parameters: NewExperiment['parameters'],
): { key: string; name: string | null; rollout_percentage: number }[] | undefined {
  const given = parameters?.feature_flag_variants
  if (!given || given.length === 0) return undefined
  return given.map(({ key, name, rollout_percentage, split_percent }, i) => {
    const share = rollout_percentage ?? split_percent
    if (share === undefined)
      throw invalidInput(`parameters.feature_flag_variants[${i}].rollout_percentage`, 'is required: the variant’s share in percent')
    return { key, name: name ?? null, rollout_percentage: share }
  })
}

/** At least two variants, the first of them the control. @throws HedgerowError */
export function requireExperimentFlag(flag: Pick<FlagBody, 'key' | 'filters' | 'deleted'>, baseline: string | null | undefined): void {
  const variants = variantsOf(flag)
  if (flag.deleted) throw invalidInput('feature_flag_key', `is ${flag.key}, a deleted flag`)
  if (variants.length < 2 || variants.length > experimentLimits.maxVariants)
    throw invalidInput(
      'feature_flag_key',
      `is ${flag.key}, a flag of ${variants.length} variants: an experiment needs 2 to ${experimentLimits.maxVariants}`,
    )
  if (baseline) {
    if (!variants.some(({ key }) => key === baseline))
      throw invalidInput(
        'stats_config.baseline_variant_key',
        `is ${baseline}: flag ${flag.key} has ${variants.map(({ key }) => key).join(', ')}`,
      )
  } else if (variants[0]?.key !== 'control') {
    throw invalidInput('feature_flag_key', `is ${flag.key}: its first variant must be "control", it is "${variants[0]?.key}"`)
  }
}

/** A flag that is made with an experiment has a key that apps can ask for. @throws HedgerowError */
export function requireFlagKey(key: string): void {
  if (!/^[a-zA-Z0-9_-]+$/.test(key)) throw invalidInput('feature_flag_key', `may hold only letters, digits, _ and -; it is "${key}"`)
}

/** What is left out of the analysis are variants of the flag, and not the one that the others are compared with. @throws HedgerowError */
export function requireExcludable(
  parameters: NewExperiment['parameters'],
  flag: Pick<FlagBody, 'key' | 'filters'>,
  baseline: string | null | undefined,
): void {
  const variants = variantsOf(flag)
  const keys = variants.map(({ key }) => key)
  parameters?.excluded_variants?.forEach((key, i) => {
    const place = `parameters.excluded_variants[${i}]`
    if (!keys.includes(key) && !/^holdout-\d+$/.test(key)) throw invalidInput(place, `is ${key}: flag ${flag.key} has ${keys.join(', ')}`)
    if (key === baselineOf({ variants, stats_config: baseline ? { baseline_variant_key: baseline } : {} }))
      throw invalidInput(place, `is ${key}, the baseline that the others are compared with`)
  })
}

/** A launched experiment has a start, and ends after it. @throws HedgerowError */
export function requireDates(
  { start_date: startedAt, end_date: endedAt }: { start_date: Date | null; end_date: Date | null },
  change: ExperimentChange,
): void {
  if (change.start_date === null && startedAt) throw invalidInput('start_date', 'of a launched experiment cannot be taken away: reset it')
  const start = change.start_date ? new Date(change.start_date) : startedAt
  const end = change.end_date === undefined ? endedAt : change.end_date && new Date(change.end_date)
  if (!end) return
  if (!start) throw invalidInput('end_date', 'is of an experiment that was not launched')
  if (end <= start) throw invalidInput('end_date', `is ${end.toISOString()}, which is not after the start, ${start.toISOString()}`)
}

/** A running experiment keeps measuring what it began with, unless a change is meant to begin a new phase. */
export function measuredFields(change: ExperimentChange): string[] {
  const names = [
    'metrics',
    'metrics_secondary',
    'saved_metrics_ids',
    'exposure_criteria',
    'stats_config',
    'only_count_matured_users',
    'holdout_id',
  ] as const
  return names.filter((name) => change[name] !== undefined)
}

/** The baseline's key: as configured, else "control", else the first variant. */
export function baselineOf({ variants, stats_config }: Pick<PinnedDefinition, 'variants' | 'stats_config'>): string {
  const configured = stats_config.baseline_variant_key
  if (configured) return configured
  return variants.find(({ key }) => key === 'control')?.key ?? variants[0]?.key ?? 'control'
}
