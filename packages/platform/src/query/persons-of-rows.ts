import { build, type syntax } from '@hedgerow/hogql'
import { withoutAbsent } from './result-values.ts'
import { type QueryRun, runQuery } from './run-query.ts'

export interface Person {
  id: string
  createdAt: unknown
  isIdentified: boolean
  properties: Record<string, unknown>
  displayName?: string
  /** Where they were asked for. */
  distinctIds?: string[]
}

/** The persons of some rows, by id. They are read after the rows, so that only those shown are joined. */
export async function loadPersons(run: QueryRun, ids: string[]): Promise<Map<string, Person>> {
  if (ids.length === 0) return new Map()
  const tree = build.select([build.field('id'), build.field('created_at'), build.field('is_identified'), build.field('properties')], {
    from: { table: build.table('persons'), joins: [] },
    where: build.compare('in', build.field('id'), build.tuple(ids.map(build.constant))),
    limit: build.constant(ids.length),
  })
  const { rows } = await runQuery({ ...run, timings: [] }, tree)
  const names = run.facts.settings.person_display_name_properties
  return new Map(
    rows.map(([id, createdAt, isIdentified, document]) => {
      const properties = withoutAbsent(document)
      const shown = names.map((name) => properties[name]).find((value) => value !== null && value !== undefined && value !== '')
      return [
        String(id),
        {
          id: String(id),
          createdAt,
          isIdentified: isIdentified === true || isIdentified === 1,
          properties,
          ...(shown === undefined ? {} : { displayName: typeof shown === 'object' ? JSON.stringify(shown) : String(shown) }),
        },
      ]
    }),
  )
}

export const displayNameOf = (person: Person): string | undefined => person.displayName

/** The display name as an expression, to order by: the first property that is not empty, else `otherwise`. */
export function displayName(names: readonly string[], path: string[], otherwise: syntax.Expr): syntax.Expr {
  const values = names.map((name) =>
    build.call('nullIf', build.call('toString', build.field(...path, 'properties', name)), build.constant('')),
  )
  return build.call('coalesce', ...values, otherwise)
}
