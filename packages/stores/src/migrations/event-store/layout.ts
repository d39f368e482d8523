/** Where tables are made: on one server, or on each node of a cluster with `Distributed` tables of the same names over them. */
export type Layout =
  | {
      kind: 'single'
      /** In this process, with a configuration of our own. */
      isEmbedded?: boolean
    }
  | {
      kind: 'cluster'
      /** Name in `system.clusters`. */
      cluster: string
      /** Database of the `Distributed` tables, which queries see. */
      database: string
      /** Database of each node's own tables, which commands change. */
      localDatabase: string
      /** Tables are replicated through Keeper, by the macros `{shard}` and `{replica}`. */
      isReplicated: boolean
    }

export interface TableDefinition {
  name: string
  /** Columns and indices, comma-separated. */
  columns: string
  /** e.g. `ReplacingMergeTree(version)`. */
  engine: string
  partitionBy?: string
  orderBy: string
  settings?: Record<string, string | number>
  /** Decides the shard of a row; rows that replace or complete each other must meet. */
  shardBy: string
}

/** In every table: a repeated block is dropped, an acknowledged one is on the disk. */
const durable: Record<string, string | number> = {
  non_replicated_deduplication_window: 10_000,
  fsync_after_insert: 1,
  fsync_part_directory: 1,
  // 90 instead of 147 bytes an event, at no cost that could be measured.
  default_compression_codec: 'ZSTD(1)',
}

/** Statements that make a table; safe to run again and at the same time. */
export function tableStatements(table: TableDefinition, layout: Layout): string[] {
  const local = `CREATE TABLE IF NOT EXISTS ${localName(table.name, layout)} (\n${table.columns.trim()}\n)
ENGINE = ${engineOf(table, layout)}
${table.partitionBy ? `PARTITION BY ${table.partitionBy}\n` : ''}ORDER BY (${table.orderBy})
SETTINGS ${settingsText({ ...settingsFor(layout), ...table.settings })}`
  if (layout.kind === 'single') return [local]
  const { cluster, database, localDatabase } = layout
  return [
    local,
    `CREATE TABLE IF NOT EXISTS ${database}.${table.name} AS ${localDatabase}.${table.name}
ENGINE = Distributed(${quote(cluster)}, ${quote(localDatabase)}, ${quote(table.name)}, ${table.shardBy})`,
  ]
}

/** A materialized view from one local table into another; runs on the shard where the rows are. */
export function viewStatement(view: { name: string; to: string; select: string }, layout: Layout): string {
  return `CREATE MATERIALIZED VIEW IF NOT EXISTS ${localName(view.name, layout)} TO ${localName(view.to, layout)} AS ${view.select}`
}

/** The name of a node's own table. */
export function localName(table: string, layout: Layout): string {
  return layout.kind === 'single' ? table : `${layout.localDatabase}.${table}`
}

function engineOf(table: TableDefinition, layout: Layout): string {
  if (layout.kind === 'single' || !layout.isReplicated) return table.engine
  const [, name = '', args = ''] = /^(\w+)(?:\((.*)\))?$/.exec(table.engine) ?? []
  const place = `'/clickhouse/tables/{shard}/${layout.localDatabase}/${table.name}', '{replica}'`
  return `Replicated${name}(${args ? `${place}, ${args}` : place})`
}

function settingsFor(layout: Layout): Record<string, string | number> {
  if (layout.kind === 'single' || !layout.isReplicated) return durable
  const { non_replicated_deduplication_window: window, ...others } = durable
  return { ...others, replicated_deduplication_window: window ?? 0 }
}

function settingsText(settings: Record<string, string | number>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === 'string' ? quote(value) : value}`)
    .join(', ')
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
