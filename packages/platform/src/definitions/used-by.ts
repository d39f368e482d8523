import type { EventUsesBody } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'

/** limit: of each kind, the ones changed last. */
const mostOfAKind = 100

/** Any text of the document that is the name. */
const anyText = (column: string) =>
  `jsonb_path_exists(${column}, '$.** ? (@.type() == "string" && @ == $name)', jsonb_build_object('name', $2::text))`
/** SQL that names it in quotes. */
const inSql = (column: string) =>
  `position(quote_literal($2::text) in coalesce(${column} #>> '{source,query}', ${column} ->> 'query', '')) > 0`

/**
 * What asks about an event by its name. A document's texts are compared whole, whatever they stand for there: a filter whose value
 * happens to be the name counts as well.
 */
export async function usesOfEvent({ pool }: ApplicationStore, projectId: number, name: string): Promise<EventUsesBody> {
  const rows = async <Row extends object>(select: string, where: string, order: string): Promise<Row[]> =>
    (
      await pool.query<Row>(
        `SELECT ${select} WHERE project_id = $1 AND NOT deleted AND (${where}) ORDER BY ${order} LIMIT ${mostOfAKind}`,
        [projectId, name],
      )
    ).rows
  const [insights, actions, cohorts, experiments] = await Promise.all([
    rows<EventUsesBody['insights'][number]>(
      `id, short_id, coalesce(nullif(name, ''), derived_name, '') AS name FROM insights`,
      `${anyText('query')} OR ${inSql('query')}`,
      'last_modified_at DESC, id',
    ),
    rows<EventUsesBody['actions'][number]>('id, name FROM actions', anyText('steps'), 'updated_at DESC, id'),
    rows<EventUsesBody['cohorts'][number]>('id, name FROM cohorts', anyText('filters'), 'updated_at DESC, id'),
    rows<EventUsesBody['experiments'][number]>(
      'id, name FROM experiments',
      ['metrics', 'metrics_secondary', 'exposure_criteria'].map(anyText).join(' OR '),
      'updated_at DESC, id',
    ),
  ])
  return { insights, actions, cohorts, experiments }
}
