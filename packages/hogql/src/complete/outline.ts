import type { Token } from '../parse/tokens.ts'

/** What a SELECT reads from, as far as it can be told from its text. */
export interface OutlineSource {
  /** The alias, or the table's name. */
  name: string
  /** Of a table or a common table expression. */
  table?: string
  /** Of a subquery. */
  columns?: string[]
}

export type Clause = 'with' | 'select' | 'from' | 'table' | 'on' | 'where' | 'group' | 'having' | 'order' | 'limit' | 'window'

/** One SELECT of a text that need not parse: where it stands, and what can be named in it. */
export interface OutlineSelect {
  start: number
  end: number
  depth: number
  sources: OutlineSource[]
  /** Names that it gives with AS, and columns that it selects as they are. */
  columns: string[]
  /** Names of common table expressions that it sees, with their columns. */
  ctes: Map<string, string[]>
  /** From each place on, the clause that begins there. */
  clauses: { at: number; clause: Clause }[]
}

const clauseWords: Record<string, Clause> = {
  with: 'with',
  select: 'select',
  from: 'table',
  join: 'table',
  on: 'on',
  using: 'on',
  prewhere: 'where',
  where: 'where',
  group: 'group',
  having: 'having',
  qualify: 'having',
  order: 'order',
  limit: 'limit',
  offset: 'limit',
  window: 'window',
}
const joinWords = new Set('inner left right full cross any semi anti asof outer global final sample array as'.split(' '))
const setWords = new Set(['union', 'intersect', 'except'])

/** Every SELECT of the text, those that stand inside of others after them. */
export function outlineOf(tokens: readonly Token[], end: number): OutlineSelect[] {
  const found: OutlineSelect[] = []
  const reader = { tokens: tokens.filter(({ kind }) => kind !== 'comment'), at: 0, found, end }
  readQuery(reader, 0, new Map())
  return found
}

interface Reader {
  tokens: Token[]
  at: number
  found: OutlineSelect[]
  end: number
}

const word = (token: Token | undefined): string => (token?.kind === 'word' ? token.value.toLowerCase() : '')
const isName = (token: Token | undefined): token is Token =>
  token?.kind === 'quoted' ||
  (token?.kind === 'word' && !Object.hasOwn(clauseWords, word(token)) && !joinWords.has(word(token)) && !setWords.has(word(token)))
const isSign = (token: Token | undefined, sign: string): boolean => token?.kind === 'sign' && token.value === sign

/** `properties.from` is a property; in `e. from events` the FROM is one, and what follows the dot is yet to come. */
const isMember = (before: Token | undefined, token: Token): boolean => isSign(before, '.') && before?.end === token.start

/** Reads to the parenthesis that ends the query, and past it. Gives the columns of its first SELECT. */
function readQuery(reader: Reader, depth: number, outer: ReadonlyMap<string, string[]>): string[] {
  const ctes = new Map(outer)
  const begin = (): OutlineSelect => {
    const select: OutlineSelect = {
      start: reader.tokens[reader.at]?.start ?? 0,
      end: reader.end,
      depth,
      sources: [],
      columns: [],
      ctes,
      clauses: [],
    }
    reader.found.push(select)
    return select
  }
  let select = begin()
  const first = select
  let clause: Clause = 'select'
  while (reader.at < reader.tokens.length) {
    const token = reader.tokens[reader.at]
    if (!token) break
    if (isSign(token, ')')) {
      select.end = token.start
      reader.at++
      return first.columns
    }
    const next = clauseWords[word(token)]
    if (setWords.has(word(token))) {
      select.end = token.start
      reader.at++
      select = begin()
      clause = 'select'
    } else if (next && !isMember(reader.tokens[reader.at - 1], token)) {
      clause = next
      select.clauses.push({ at: token.end, clause })
      reader.at++
    } else clause = readPiece(reader, select, clause, depth)
  }
  return first.columns
}

/** One piece of a clause; gives the clause that what follows belongs to. */
function readPiece(reader: Reader, select: OutlineSelect, clause: Clause, depth: number): Clause {
  const token = reader.tokens[reader.at]
  if (clause === 'with' && isName(token) && word(reader.tokens[reader.at + 1]) === 'as' && isSign(reader.tokens[reader.at + 2], '(')) {
    reader.at += 3
    select.ctes.set(token.value, readQuery(reader, depth + 1, select.ctes))
    return clause
  }
  if (clause === 'table' && (isName(token) || isSign(token, '('))) {
    readSource(reader, select, depth)
    select.clauses.push({ at: reader.tokens[reader.at - 1]?.end ?? 0, clause: 'from' })
    return 'from'
  }
  if (clause === 'from' && isSign(token, ',')) {
    reader.at++
    select.clauses.push({ at: token?.end ?? 0, clause: 'table' })
    return 'table'
  }
  if (isSign(token, '(')) {
    reader.at++
    const inner = word(reader.tokens[reader.at])
    if (inner === 'select' || inner === 'with') readQuery(reader, depth + 1, select.ctes)
    else readParentheses(reader, select, clause, depth)
    return clause
  }
  if (clause === 'select') readColumn(reader, select)
  reader.at++
  return clause
}

function readParentheses(reader: Reader, select: OutlineSelect, clause: Clause, depth: number): void {
  while (reader.at < reader.tokens.length && !isSign(reader.tokens[reader.at], ')')) {
    if (isSign(reader.tokens[reader.at], '(')) readPiece(reader, select, clause, depth)
    else reader.at++
  }
  reader.at++
}

function readSource(reader: Reader, select: OutlineSelect, depth: number): void {
  const source: OutlineSource = { name: '' }
  if (isSign(reader.tokens[reader.at], '(')) {
    reader.at++
    source.columns = readQuery(reader, depth + 1, select.ctes)
  } else {
    const names = [reader.tokens[reader.at++]?.value ?? '']
    while (isSign(reader.tokens[reader.at], '.') && isName(reader.tokens[reader.at + 1])) {
      names.push(reader.tokens[reader.at + 1]?.value ?? '')
      reader.at += 2
    }
    source.table = names.join('.')
    source.name = source.table
  }
  if (word(reader.tokens[reader.at]) === 'as') reader.at++
  const alias = reader.tokens[reader.at]
  if (isName(alias)) {
    source.name = alias.value
    reader.at++
  }
  select.sources.push(source)
}

/** `… AS name`, or a name that stands alone between commas. */
function readColumn(reader: Reader, select: OutlineSelect): void {
  const [before, token, after] = [reader.tokens[reader.at - 1], reader.tokens[reader.at], reader.tokens[reader.at + 1]]
  if (!isName(token)) return
  const ends = after === undefined || isSign(after, ',') || isSign(after, ')') || Object.hasOwn(clauseWords, word(after))
  const begins =
    word(before) === 'as' || word(before) === 'select' || word(before) === 'distinct' || isSign(before, ',') || isSign(before, '.')
  if (ends && begins && !select.columns.includes(token.value)) select.columns.push(token.value)
}
