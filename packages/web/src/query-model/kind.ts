import type { InsightQuery } from './nodes.ts'
import type { Raw } from './reading.ts'

/** One kind of insight, as the app knows it. All of it is pure. */
export interface Kind<Query extends InsightQuery> {
  kind: Query['kind']
  /** In the address, for `?kind=`. */
  slug: string
  label: string
  /** What it answers, in a line. */
  about: string
  /** A new one, which runs as it is. */
  initial(): Query
  /** From an address or a saved insight; what is malformed gets its default, what is unknown stays. */
  read(raw: Raw): Query
  /** Out of a question of another kind: what both have is kept. */
  from(other: InsightQuery): Query
  /** Why it cannot be asked yet; empty when it can. */
  problems(query: Query): string[]
  /** What is asked of the server: the question without what only says how the answer is drawn. */
  asked(query: Query): Query
  /** The question in words: the name of an insight that has none. */
  words(query: Query): string
}
