import { findFunction, functionNames } from '../catalog/functions.ts'
import { type PropertyScope, type TableDefinition, tableNames, tables } from '../catalog/tables.ts'
import type { ValueType } from '../catalog/value-type.ts'
import { type Token, tokensOf } from '../parse/tokens.ts'
import { hogqlIdentifier } from '../tree/hogql-text.ts'
import { type Clause, type OutlineSelect, type OutlineSource, outlineOf } from './outline.ts'

export type SuggestionKind = 'Class' | 'Folder' | 'Field' | 'Property' | 'Function' | 'Variable' | 'Keyword' | 'Constant' | 'Value'

export interface Suggestion {
  label: string
  /** What goes in the place of the word that was begun. */
  insertText: string
  kind: SuggestionKind
  /** Type, or what the name is. */
  detail?: string
  documentation?: string
}

/** What can stand at a place of a text. */
export interface Completion {
  suggestions: Suggestion[]
  /** What was begun, in the text: suggestions replace it. */
  replace: { start: number; end: number }
  prefix: string
  /** Names that only a store knows, to be added: properties, cohorts, variables. */
  names?: { of: 'properties'; scope: PropertyScope; groupTypeIndex?: number } | { of: 'cohorts' } | { of: 'variables' }
}

export interface CompletionContext {
  groupTypes: Readonly<Record<string, number>>
  /** Of an expression without a query around it: the table that it is about. */
  table?: string
}

const nothing: Pick<Completion, 'suggestions'> = { suggestions: [] }

/**
 * Tables, columns, joined tables, functions and keywords that can stand at a place of a text, which need not parse; those that begin
 * with the word before the place come first.
 */
export function completionAt(text: string, position: number, context: CompletionContext): Completion {
  const all = tokensOf(text)
  const before = all.filter(({ start }) => start < position)
  const last = before.at(-1)
  const begun = last && last.end >= position && (last.kind === 'word' || (last.kind === 'quoted' && last.isOpen)) ? last : undefined
  const replace = { start: begun?.start ?? position, end: position }
  const prefix = begun ? text.slice(begun.start, position).replace(/^[`"]/, '') : ''
  const base = { replace, prefix }
  if (
    last &&
    !begun &&
    last.end >= position &&
    (last.kind === 'comment' || last.kind === 'number' || (last.kind === 'text' && (last.end > position || last.isOpen)))
  )
    return { ...base, ...nothing }
  const path = begun ? before.slice(0, -1) : before
  const select = selectAt(all, text.length, position, context)
  const found = suggest(
    path.filter(({ kind }) => kind !== 'comment'),
    select,
    replace.start,
    context,
  )
  // The word that was begun stands in the SELECT list by itself, as a column of that name would.
  const others = found.suggestions.filter(({ label, detail }) => detail !== aliasDetail || label !== prefix)
  return { ...base, ...found, suggestions: ranked(others, prefix) }
}

function selectAt(tokens: Token[], end: number, position: number, { table }: CompletionContext): OutlineSelect {
  if (table !== undefined) {
    return {
      start: 0,
      end,
      depth: 0,
      sources: [{ name: table, table }],
      columns: [],
      ctes: new Map(),
      clauses: [{ at: 0, clause: 'where' }],
    }
  }
  const around = outlineOf(tokens, end).filter((select) => select.start <= position && position <= select.end)
  const innermost = around.reduce<OutlineSelect | undefined>((best, each) => (best && best.depth > each.depth ? best : each), undefined)
  return innermost ?? { start: 0, end, depth: 0, sources: [], columns: [], ctes: new Map(), clauses: [] }
}

function suggest(
  path: Token[],
  select: OutlineSelect,
  position: number,
  context: CompletionContext,
): Omit<Completion, 'replace' | 'prefix'> {
  const last = path.at(-1)
  const braces = path.filter(({ value }) => value === '{').length - path.filter(({ value }) => value === '}').length
  const chain = chainBefore(path)
  if (braces > 0) return placeholder(chain)
  if (chain.length > 0) return member(chain, select, context)
  if (last?.kind === 'word' && last.value.toLowerCase() === 'cohort') return { suggestions: [], names: { of: 'cohorts' } }
  const clause = select.clauses.filter(({ at }) => at <= position).at(-1)?.clause
  if (clause === 'table') return { suggestions: tableSuggestions(select) }
  return { suggestions: [...(clause === 'from' ? [] : expression(select, context)), ...keywords(clause)] }
}

/** The names before the last dot: `e.person.` gives e, person. */
function chainBefore(path: Token[]): string[] {
  const chain: string[] = []
  for (let at = path.length - 1; path[at]?.value === '.' && at > 0; at -= 2) {
    const name = path[at - 1]
    if (name?.kind !== 'word' && name?.kind !== 'quoted') return chain
    chain.unshift(name.value)
  }
  return chain
}

function placeholder(chain: string[]): Omit<Completion, 'replace' | 'prefix'> {
  if (chain[0] === 'variables') return { suggestions: [], names: { of: 'variables' } }
  if (chain.join('.') === 'filters') return { suggestions: [named('dateRange', 'Folder', 'the range of dates')] }
  if (chain.join('.') === 'filters.dateRange') return { suggestions: ['from', 'to'].map((name) => named(name, 'Variable', 'date')) }
  return {
    suggestions: [named('filters', 'Variable', 'what the query is filtered by'), named('variables', 'Folder', 'variables of the project')],
  }
}

/** What follows a dot. */
function member(chain: string[], select: OutlineSelect, context: CompletionContext): Omit<Completion, 'replace' | 'prefix'> {
  const [head = '', ...rest] = chain
  const source = select.sources.find(({ name }) => name === head)
  if (source) return inSource(source, rest, select, context)
  for (const each of select.sources) {
    const table = tableOf(each)
    if (table && (joinOf(table, head, context) || Object.keys(table.columns).some((name) => name === head || name.startsWith(`${head}.`))))
      return inTable(table, chain, context)
  }
  return nothing
}

function inSource(
  source: OutlineSource,
  chain: string[],
  select: OutlineSelect,
  context: CompletionContext,
): Omit<Completion, 'replace' | 'prefix'> {
  const table = tableOf(source)
  if (table) return inTable(table, chain, context)
  const columns = source.columns ?? select.ctes.get(source.table ?? '') ?? []
  return { suggestions: chain.length === 0 ? columns.map((name) => named(name, 'Field', 'column')) : [] }
}

function inTable(
  table: TableDefinition,
  chain: string[],
  context: CompletionContext,
  groupTypeIndex?: number,
): Omit<Completion, 'replace' | 'prefix'> {
  const [head, ...rest] = chain
  if (head === undefined) return { suggestions: columnsOf(table, context) }
  const join = joinOf(table, head, context)
  if (join) return inTable(tables[join.table], rest, context, join.groupTypeIndex)
  const dotted = rest[0] === undefined ? undefined : `${head}.${rest[0]}`
  const [column, path] = dotted && Object.hasOwn(table.columns, dotted) ? [dotted, rest.slice(1)] : [head, rest]
  const scope = Object.hasOwn(table.columns, column) ? table.columns[column]?.properties : undefined
  if (scope && path.length === 0)
    return { suggestions: [], names: { of: 'properties', scope, ...(groupTypeIndex === undefined ? {} : { groupTypeIndex }) } }
  const below = Object.entries(table.columns).filter(([name]) => name.startsWith(`${head}.`))
  return {
    suggestions: rest.length === 0 ? below.map(([name, { type }]) => named(name.slice(head.length + 1), 'Field', typeName(type))) : [],
  }
}

function joinOf(table: TableDefinition, name: string, { groupTypes }: CompletionContext): TableDefinition['joins'][string] | undefined {
  const index = Object.hasOwn(groupTypes, name) ? groupTypes[name] : undefined
  const joined = Object.hasOwn(table.joins, name) || index === undefined ? name : `group_${index}`
  return Object.hasOwn(table.joins, joined) ? table.joins[joined] : undefined
}

const tableOf = ({ table }: OutlineSource): TableDefinition | undefined =>
  table !== undefined && Object.hasOwn(tables, table) ? tables[table as keyof typeof tables] : undefined

function columnsOf(table: TableDefinition, { groupTypes }: CompletionContext): Suggestion[] {
  const columns = Object.entries(table.columns).filter(([name]) => !name.includes('.'))
  const groups = table.joins.group_0 ? Object.keys(groupTypes) : []
  return [
    ...columns.map(([name, { type, description }]) => ({
      ...named(name, 'Field', typeName(type)),
      ...(description ? { documentation: description } : {}),
    })),
    ...Object.entries(table.joins).map(([name, join]) => named(name, 'Folder', join.table)),
    ...groups.map((name) => named(name, 'Folder', 'groups')),
    ...Object.keys(table.columns).flatMap((name) =>
      name.startsWith('poe.id') ? [named('poe', 'Folder', 'the person as stored with the event')] : [],
    ),
  ]
}

function tableSuggestions(select: OutlineSelect): Suggestion[] {
  return [
    ...[...select.ctes.keys()].map((name) => named(name, 'Variable', 'WITH')),
    ...tableNames.map((name) => {
      const description = tables[name as keyof typeof tables].description
      return { ...named(name, 'Class', 'table'), documentation: description }
    }),
  ]
}

const aliasDetail = 'AS'

function expression(select: OutlineSelect, context: CompletionContext): Suggestion[] {
  const columns = select.sources.flatMap((source) => {
    const table = tableOf(source)
    const names = source.columns ?? select.ctes.get(source.table ?? '') ?? []
    return table ? columnsOf(table, context) : names.map((name) => named(name, 'Field', 'column'))
  })
  const aliases = select.columns.map((name) => named(name, 'Variable', aliasDetail))
  const sources = select.sources.filter(({ name }) => name !== '').map(({ name }) => named(name, 'Class', 'table'))
  const seen = new Set<string>()
  return [...columns, ...aliases, ...sources, ...functions()].filter(({ label }) => !seen.has(label) && seen.add(label))
}

let functionSuggestions: Suggestion[] | undefined
function functions(): Suggestion[] {
  functionSuggestions ??= functionNames()
    .filter((name) => !name.startsWith('_'))
    .map((name) => {
      const kind = findFunction(name)?.kind
      return {
        label: name,
        insertText: `${name}()`,
        kind: 'Function' as const,
        detail: kind === 'scalar' ? 'function' : `${kind} function`,
      }
    })
  return functionSuggestions
}

const everywhere = 'AND OR NOT IN LIKE ILIKE BETWEEN IS NULL CASE WHEN THEN ELSE END AS DISTINCT OVER INTERVAL'
const after: Record<Clause, string> = {
  with: 'AS SELECT',
  select: 'FROM',
  table: '',
  from: 'AS JOIN INNER LEFT RIGHT FULL CROSS ASOF ON USING SAMPLE FINAL ARRAY WHERE PREWHERE GROUP ORDER HAVING QUALIFY WINDOW LIMIT UNION',
  on: 'JOIN LEFT INNER WHERE GROUP ORDER LIMIT',
  where: 'GROUP ORDER HAVING LIMIT UNION COHORT',
  group: 'BY ALL ROLLUP CUBE HAVING ORDER LIMIT',
  having: 'ORDER LIMIT',
  order: 'BY ASC DESC NULLS FIRST LAST FILL LIMIT',
  limit: 'BY OFFSET TIES UNION',
  window: 'AS PARTITION ROWS RANGE ORDER',
}

function keywords(clause: Clause | undefined): Suggestion[] {
  const words = clause === undefined ? 'SELECT WITH' : `${after[clause]} ${clause === 'from' ? '' : everywhere}`
  return words
    .split(' ')
    .filter(Boolean)
    .map((label) => ({ label, insertText: label, kind: 'Keyword' as const }))
}

function named(name: string, kind: SuggestionKind, detail: string): Suggestion {
  return { label: name, insertText: hogqlIdentifier(name), kind, detail }
}

const typeName = (type: ValueType): string =>
  type.name === 'array' ? `array of ${typeName(type.item)}` : type.name === 'tuple' ? 'tuple' : type.name

/** Those that begin with what was begun, then those that hold it; all, where nothing was. */
function ranked(suggestions: Suggestion[], prefix: string): Suggestion[] {
  const wanted = prefix.toLowerCase()
  const place = ({ label }: Suggestion) => label.toLowerCase().indexOf(wanted)
  return suggestions.filter((each) => place(each) >= 0).sort((a, b) => Number(place(a) > 0) - Number(place(b) > 0))
}
