import { build } from '@hedgerow/hogql'
import { withoutAbsent } from './result-values.ts'
import { type QueryRun, runQuery } from './run-query.ts'

export interface Group {
  key: string
  typeIndex: number
  createdAt: unknown
  properties: Record<string, unknown>
}

/** The groups of some rows, by key. */
export async function loadGroups(run: QueryRun, typeIndex: number, keys: string[]): Promise<Map<string, Group>> {
  if (keys.length === 0) return new Map()
  const tree = build.select([build.field('key'), build.field('created_at'), build.field('properties')], {
    from: { table: build.table('groups'), joins: [] },
    where: build.and([
      build.compare('=', build.field('index'), build.constant(typeIndex)),
      build.compare('in', build.field('key'), build.tuple(keys.map(build.constant))),
    ]),
    limit: build.constant(keys.length),
  })
  const { rows } = await runQuery({ ...run, timings: [] }, tree)
  return new Map(
    rows.map(([key, createdAt, document]) => [
      String(key),
      { key: String(key), typeIndex, createdAt, properties: withoutAbsent(document) },
    ]),
  )
}
