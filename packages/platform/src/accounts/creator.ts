import type { CreatorBody } from '@hedgerow/protocol'

/** Columns of the user who made a row, for a statement with {@link creatorJoin}. */
export const creatorColumns = 'creator.id AS creator_id, creator.name AS creator_name, creator.email AS creator_email'

/** Joins the user that `created_by` of a table names; the account may be gone. */
export const creatorJoin = (table: string): string => `LEFT JOIN users creator ON creator.id = ${table}.created_by`

export interface CreatorColumns {
  creator_id: string | null
  creator_name: string | null
  creator_email: string | null
}

export function creatorBody(row: CreatorColumns): CreatorBody | null {
  if (row.creator_id === null) return null
  return { id: row.creator_id, uuid: row.creator_id, first_name: row.creator_name ?? '', email: row.creator_email ?? '' }
}
