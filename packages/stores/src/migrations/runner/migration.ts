/** One step of the application database's schema. */
export interface Migration {
  /** Number and name, e.g. `0001-foundation`; numbers only grow. */
  id: string
  /** Any number of statements. Never changed once released: a later migration corrects an earlier one. */
  sql: string
}
