import createHogQLParser, { type HogQLParser } from '@posthog/hogql-parser'
import { HogqlError } from '../errors.ts'
import type { Expr, OrderBy, Query } from '../tree/syntax.ts'
import { createReader } from './read-json.ts'
import { tokensOf } from './tokens.ts'

export interface Parser {
  /** @throws HogqlError `syntax_error` or `unsupported`, with the place. */
  parseQuery(text: string): Query
  parseExpr(text: string): Expr
  parseOrderBy(text: string): OrderBy
}

export interface ParserOptions {
  /** Longest text taken. */
  maxTextLength?: number
  /** Trees kept, by their text, since parsing is the dearest part of compiling (up to 30 ms). */
  cachedTrees?: number
}

type Rule = 'parseSelect' | 'parseExpr' | 'parseOrderExpr'

interface ParseFailure {
  error: true
  type: 'SyntaxError' | 'ParsingError' | 'NotImplementedError'
  message: string
  start?: { offset: number }
  end?: { offset: number }
}

/**
 * Loads the WebAssembly parser (about 35 ms). It is also run once on a few queries, since its first parses build the tables of its automaton.
 * The trees that it gives out are shared: treat them as read-only.
 */
export async function createParser(options: ParserOptions = {}): Promise<Parser> {
  const { maxTextLength = 200_000, cachedTrees = 500 } = options
  // tricky: some inputs (`WITH FILL INTERPOLATE`) trap inside the module, which leaves it unusable. Then the spare takes its place,
  // and a fresh one the spare's. Where both are gone at once, texts are refused for the moment that a fresh one takes.
  let engine: HogQLParser | undefined = await createHogQLParser()
  let spare: HogQLParser | undefined = await createHogQLParser()
  const cache = new Map<string, unknown>()

  function run(rule: Rule, text: string): unknown {
    if (!engine) throw new HogqlError('unsupported', 'The parser has to begin again after another query; ask once more')
    try {
      return JSON.parse(engine[rule](text))
    } catch (cause) {
      if (cause instanceof SyntaxError)
        throw new HogqlError('syntax_error', 'The query holds text that cannot be read', { start: 0, end: text.length })
      engine = spare
      spare = undefined
      void createHogQLParser().then((fresh: HogQLParser) => {
        if (engine) spare = fresh
        else engine = fresh
      })
      throw new HogqlError('unsupported', 'The query uses a clause that is not supported', { start: 0, end: text.length })
    }
  }

  function parse<T>(rule: Rule, text: string, read: (json: unknown, text: string) => T): T {
    if (text.length > maxTextLength)
      throw new HogqlError('query_too_large', `The query has ${text.length} characters; at most ${maxTextLength} are allowed`)
    const key = `${rule}\n${text}`
    const known = cache.get(key)
    if (known !== undefined) {
      cache.delete(key)
      cache.set(key, known)
      return known as T
    }
    const json = run(rule, text)
    if (isFailure(json)) throw failure(json, text)
    refuseUnread(text)
    const tree = read(json, text)
    cache.set(key, tree)
    if (cache.size > cachedTrees) cache.delete(cache.keys().next().value ?? '')
    return tree
  }

  for (const text of warmUps) engine.parseSelect(text)
  return {
    parseQuery: (text) => parse('parseSelect', text, (json, source) => createReader(source).query(json)),
    parseExpr: (text) => parse('parseExpr', text, (json, source) => createReader(source).expr(json)),
    parseOrderBy: (text) => parse('parseOrderExpr', text, (json, source) => createReader(source).orderBy(json)),
  }
}

/** tricky: the parser accepts these after GROUP BY and leaves them out of its tree, which would answer another question. */
function refuseUnread(text: string): void {
  if (!/\bwith\s+(?:rollup|cube|totals)\b/i.test(text)) return
  const tokens = tokensOf(text).filter(({ kind }) => kind !== 'comment')
  const place = tokens.findIndex(({ kind, value }, i) => {
    const [what, next] = [tokens[i + 1]?.value.toLowerCase() ?? '', tokens[i + 2]?.value.toLowerCase() ?? '']
    return kind === 'word' && value.toLowerCase() === 'with' && ['rollup', 'cube', 'totals'].includes(what) && next !== 'as' && next !== '('
  })
  const [found, what] = [tokens[place], tokens[place + 1]]
  if (!found || !what) return
  const name = what.value.toUpperCase()
  throw new HogqlError(
    'unsupported',
    `WITH ${name} is not supported; ${name === 'TOTALS' ? 'use GROUP BY ROLLUP(…)' : `write GROUP BY ${name}(…)`}`,
    {
      start: found.start,
      end: what.end,
    },
  )
}

const warmUps = [
  'with a as (select event, count() as c from events where timestamp > now() - interval 7 day and properties.x = 1 group by event) select a.event, sum(c) from a left join persons p on p.id = a.c group by 1 order by 2 desc limit 10',
]

function isFailure(json: unknown): json is ParseFailure {
  return typeof json === 'object' && json !== null && 'error' in json
}

function failure(json: ParseFailure, text: string): HogqlError {
  const points = [...text]
  const unit = (offset: number) => points.slice(0, offset).join('').length
  const start = Math.min(unit(json.start?.offset ?? 0), text.length)
  const end = Math.max(start, unit(json.end?.offset ?? points.length))
  if (json.type !== 'NotImplementedError') return new HogqlError('syntax_error', json.message, { start, end })
  const what = /(?:Unsupported(?: rule)?: )(?:\w+\.)?(\w+?)(?:\(\))?$/.exec(json.message)?.[1]
  return new HogqlError('unsupported', unsupportedNames[what ?? ''] ?? json.message, { start, end })
}

const unsupportedNames: Record<string, string> = {
  settingsClause: 'SETTINGS cannot be given in a query',
  topClause: 'TOP is not supported; use LIMIT',
  ColumnExprDate: "DATE '…' is not supported; use toDate('…')",
  ColumnExprTimestamp: "TIMESTAMP '…' is not supported; use toDateTime('…')",
  ColumnExprSubstring: 'SUBSTRING(… FROM … FOR …) is not supported; use substring(text, start, length)',
}
