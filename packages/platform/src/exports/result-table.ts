type Json = Record<string, unknown>

export interface ResultTable {
  columns: string[]
  rows: unknown[][]
}

/** Any answer as rows and columns: those that it has, else a column for each field, and for each bucket of time. */
export function resultTable(answer: Json): ResultTable {
  const results = Array.isArray(answer.results)
    ? answer.results
    : answer.results === undefined || answer.results === null
      ? []
      : [answer.results]
  if (Array.isArray(answer.columns) && results.every(Array.isArray)) {
    return { columns: answer.columns.map(String), rows: results as unknown[][] }
  }
  const items = results.flat()
  if (items.length > 0 && items.every(isSeries)) return seriesTable(items as Series[])
  if (items.length > 0 && items.every(isCohortOfRetention)) return retentionTable(items as RetentionRow[])
  return fieldsTable(items)
}

interface Series extends Json {
  data: unknown[]
  labels?: unknown[]
  days?: unknown[]
}

const isObject = (item: unknown): item is Json => typeof item === 'object' && item !== null && !Array.isArray(item)
const isSeries = (item: unknown): boolean =>
  isObject(item) && Array.isArray(item.data) && (Array.isArray(item.days) || Array.isArray(item.labels))

/** A row for each series, a column for each bucket. */
function seriesTable(all: Series[]): ResultTable {
  const buckets = [...new Set(all.flatMap(({ days, labels }) => (days ?? labels ?? []).map(String)))]
  const labelled = ['breakdown_value', 'compare_label', 'status'].filter((name) => all.some((series) => series[name] !== undefined))
  return {
    columns: ['series', ...labelled, ...buckets],
    rows: all.map((series) => {
      const at = new Map((series.days ?? series.labels ?? []).map((bucket, i) => [String(bucket), series.data[i]]))
      return [series.label ?? null, ...labelled.map((name) => series[name] ?? null), ...buckets.map((bucket) => at.get(bucket) ?? null)]
    }),
  }
}

interface RetentionRow extends Json {
  values: { count: unknown }[]
}

const isCohortOfRetention = (item: unknown): boolean =>
  isObject(item) && Array.isArray(item.values) && item.values.every((value) => isObject(value) && 'count' in value)

function retentionTable(all: RetentionRow[]): ResultTable {
  const width = Math.max(...all.map(({ values }) => values.length))
  const labelled = ['breakdown_value'].filter((name) => all.some((row) => row[name] !== undefined))
  return {
    columns: ['cohort', 'date', ...labelled, ...Array.from({ length: width }, (_, i) => `period ${i}`)],
    rows: all.map((row) => [
      row.label ?? null,
      row.date ?? null,
      ...labelled.map((name) => row[name] ?? null),
      ...Array.from({ length: width }, (_, i) => row.values[i]?.count ?? null),
    ]),
  }
}

function fieldsTable(items: unknown[]): ResultTable {
  if (!items.every(isObject)) return { columns: ['value'], rows: items.map((item) => [item]) }
  const columns = [...new Set(items.flatMap((item) => Object.keys(item)))]
  return { columns, rows: items.map((item) => columns.map((name) => (Object.hasOwn(item, name) ? item[name] : null))) }
}
