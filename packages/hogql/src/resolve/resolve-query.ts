import { refusedTable, tableNames, tables } from '../catalog/tables.ts'
import * as t from '../catalog/value-type.ts'
import { HogqlError, type Span } from '../errors.ts'
import { nearMiss } from '../near-miss.ts'
import { alias as named, select as selectOf } from '../tree/build.ts'
import { hogqlText } from '../tree/hogql-text.ts'
import type { AliasName, Decision, From, Select, Source } from '../tree/resolved.ts'
import type * as S from '../tree/syntax.ts'
import { isAggregated } from './aggregation.ts'
import { resolveOrderBy, resolveWindow } from './resolve-call.ts'
import { derivedColumn, tableColumn } from './resolve-field.ts'
import type { OpenExpr, ResolvedQuery, Resolver } from './resolver.ts'
import { type Column, innerScope, type Scope, type ScopeSource } from './scope.ts'
import { TableInstance } from './table-instance.ts'

export function resolveQuery(resolver: Resolver, query: S.Query, outer: Scope | undefined): ResolvedQuery {
  resolver.spend(query.span)
  return query.kind === 'select' ? resolveSelect(resolver, query, innerScope(outer)) : resolveSet(resolver, query, outer)
}

function resolveSet(resolver: Resolver, query: S.SetQuery, outer: Scope | undefined): ResolvedQuery {
  if (query.orderBy.length || query.limit || query.offset) return resolveQuery(resolver, orderedSet(query), outer)
  // The common table expressions of the first query are seen by all.
  const scope = innerScope(outer)
  if (query.first.kind === 'select') declareCtes(query.first.ctes, scope)
  const first = resolveQuery(resolver, query.first, outer)
  const rest = query.rest.map((part) => {
    const resolved = resolveQuery(resolver, part.query, scope)
    if (resolved.columns.length !== first.columns.length) {
      throw new HogqlError(
        'wrong_arguments',
        `The queries of a ${part.operator} have ${first.columns.length} and ${resolved.columns.length} columns`,
        query.span,
      )
    }
    return { operator: part.operator, resolved }
  })
  return {
    query: { kind: 'set', first: first.query, rest: rest.map(({ operator, resolved }) => ({ operator, query: resolved.query })) },
    columns: first.columns.map((column, i) => ({
      ...column,
      type: rest.map(({ resolved }) => resolved.columns[i]?.type ?? t.unknown).reduce(t.eitherOf, column.type),
    })),
  }
}

/** ORDER BY and LIMIT of a union are those of a SELECT around it. */
function orderedSet({ orderBy, limit, offset, ...set }: S.SetQuery): S.Select {
  return {
    kind: 'select',
    ctes: [],
    distinct: false,
    items: [{ kind: 'field', chain: ['*'] }],
    from: { table: { kind: 'subquery', query: { ...set, orderBy: [] } }, joins: [] },
    windows: [],
    orderBy,
    ...(limit ? { limit } : {}),
    ...(offset ? { offset } : {}),
    withTies: false,
  }
}

function declareCtes(ctes: S.Cte[], scope: Scope): void {
  for (const cte of ctes) {
    if (cte.recursive) throw new HogqlError('unsupported', `WITH RECURSIVE (${cte.name}) is not supported`, cte.span)
    // Each sees those before it, not itself: inside `events AS (SELECT … FROM events)` stands the table.
    scope.ctes.set(cte.name, { cte, scope: { ...scope, ctes: new Map(scope.ctes) } })
  }
}

function resolveSelect(resolver: Resolver, select: S.Select, scope: Scope): ResolvedQuery {
  declareCtes(select.ctes, scope)
  const from = select.from && resolveFrom(resolver, select.from, scope)
  const arrayJoin = select.arrayJoin && resolveArrayJoin(resolver, select.arrayJoin, scope)
  for (const { name } of select.windows) scope.windows.add(name)
  const items = select.items.flatMap((item) => selectItems(resolver, item, scope))
  for (const item of items) scope.aliases.set(item.name, scope.aliases.get(item.name) ?? { alias: item.alias, type: item.expr.type })
  // Only what has been named with AS can be referred to; a bare column stands for itself.
  for (const item of items) if (!item.named && scope.aliases.get(item.name)?.alias === item.alias) scope.aliases.delete(item.name)
  const position = (expr: S.Expr) => positional(resolver, expr, items, scope)
  const condition = (expr: S.Expr | undefined) => expr && resolver.expr(expr, scope)
  const where = [condition(select.prewhere), condition(select.where)].filter((expr) => expr !== undefined)
  const groupBy = select.groupBy && resolveGroupBy(select.groupBy, position)
  let having = condition(select.having)
  const orderBy = select.orderBy.map((order) => orderItem(resolver, order, items, scope))
  if (having && !groupBy && !isAggregated([having, ...items.map((item) => item.expr), ...orderBy.map((order) => order.expr)])) {
    where.push(having)
    having = undefined
  }
  const { limitBy } = select
  const query: Select<Decision> = {
    kind: 'select',
    distinct: select.distinct,
    items: items.map(({ alias, expr }) => ({ alias, expr })),
    windows: [],
    orderBy,
    withTies: select.withTies,
  }
  const filter = conjunction(where)
  if (from) query.from = from
  if (arrayJoin) query.arrayJoin = arrayJoin
  if (filter) query.where = filter
  if (groupBy) query.groupBy = groupBy
  if (having) query.having = having
  if (select.qualify) query.qualify = resolver.expr(select.qualify, scope)
  if (limitBy) {
    query.limitBy = { limit: count(limitBy.limit, 'LIMIT BY'), by: limitBy.by.map(position) }
    if (limitBy.offset) query.limitBy.offset = count(limitBy.offset, 'OFFSET')
  }
  if (select.limit) query.limit = count(select.limit, 'LIMIT')
  if (select.offset) query.offset = count(select.offset, 'OFFSET')
  query.windows = select.windows.map(({ name, window }) => ({ name, window: resolveWindow(resolver, window, scope) }))
  return { query, columns: items.map(({ name, alias, expr }) => ({ name, alias, type: expr.type })) }
}

interface Item {
  name: string
  alias: AliasName
  expr: OpenExpr
  named: boolean
}

function selectItems(resolver: Resolver, item: S.Expr, scope: Scope): Item[] {
  if (item.kind === 'field' && item.chain.at(-1) === '*') return star(item.chain.slice(0, -1), scope, item.span)
  if (item.kind === 'columns') return chosenColumns(resolver, item, scope)
  if (item.kind === 'alias') {
    const expr = resolver.expr(item.expr, scope)
    const alias: AliasName = { wanted: item.name }
    scope.aliases.set(item.name, { alias, type: expr.type })
    return [{ name: item.name, alias, expr, named: true }]
  }
  const name = itemName(item)
  return [{ name, alias: { wanted: name }, expr: resolver.expr(item, scope), named: false }]
}

/** The name of a column without AS: the last link of a path, the text of anything else. */
function itemName(item: S.Expr): string {
  if (item.kind === 'field') return item.chain.at(-1) ?? ''
  if (item.kind === 'access' && item.index.kind === 'constant' && typeof item.index.value === 'string') return item.index.value
  return hogqlText(item)
}

function star(qualifier: string[], scope: Scope, span?: Span): Item[] {
  const [name] = qualifier
  if (qualifier.length > 1) throw new HogqlError('unsupported', `${qualifier.join('.')}.* is not supported; name the columns`, span)
  const sources = name === undefined ? scope.sources : scope.sources.filter((source) => source.name === name)
  if (sources.length === 0) {
    throw new HogqlError(
      'unknown_table',
      name === undefined
        ? '* needs a FROM'
        : `"${name}" is not in FROM.${nearMiss(
            name,
            scope.sources.map((s) => s.name),
          )}`,
      span,
    )
  }
  const seen = new Set<string>()
  return sources.flatMap(sourceColumns).filter((item) => {
    const repeated = scope.usingColumns.has(item.name) && seen.has(item.name)
    seen.add(item.name)
    return !repeated
  })
}

function sourceColumns(source: ScopeSource): Item[] {
  if (source.kind === 'columns') {
    return source.columns.map((column) => ({
      name: column.name,
      alias: { wanted: column.name },
      expr: derivedColumn(source, column),
      named: false,
    }))
  }
  return Object.entries(source.table.definition.columns)
    .filter(([, column]) => !column.hidden)
    .map(([name]) => ({ name, alias: { wanted: name }, expr: tableColumn(source.table, name), named: false }))
}

function chosenColumns(resolver: Resolver, item: Extract<S.Expr, { kind: 'columns' }>, scope: Scope): Item[] {
  if (item.columns) return item.columns.flatMap((column) => selectItems(resolver, column, scope))
  const all = star([], scope, item.span)
  const unknownName = item.exclude.find((name) => !all.some((column) => column.name === name))
  if (unknownName)
    throw new HogqlError(
      'unknown_column',
      `Unknown column "${unknownName}".${nearMiss(
        unknownName,
        all.map((column) => column.name),
      )}`,
      item.span,
    )
  if (item.regex === undefined) return all.filter((column) => !item.exclude.includes(column.name))
  throw new HogqlError('unsupported', "COLUMNS('pattern') is not supported; name the columns", item.span)
}

function resolveFrom(resolver: Resolver, from: S.From, scope: Scope): From<Decision> {
  const first = addSource(resolver, from, scope, { ...(from.sample === undefined ? {} : { sample: from.sample }) })
  const joins = from.joins.map((join) => {
    const before = [...scope.sources]
    const optional = join.join.startsWith('LEFT') || join.join === 'FULL JOIN'
    const source = addSource(resolver, join, scope, { optional })
    if (join.join.startsWith('RIGHT') || join.join === 'FULL JOIN') for (const earlier of before) makeOptional(earlier)
    const on = join.using ? usingCondition(join.using, before, scope, join.span) : join.on && resolver.expr(join.on, scope)
    if (!on && join.join !== 'CROSS JOIN') throw new HogqlError('syntax_error', `${join.join} needs ON or USING`, join.span)
    return { join: join.join, source, ...(on ? { on } : {}) }
  })
  return { first, joins }
}

function makeOptional(source: ScopeSource): void {
  if (source.kind === 'table') source.table.optional = true
  else source.optional = true
}

function usingCondition(names: string[], before: ScopeSource[], scope: Scope, span?: Span): OpenExpr {
  const joined = scope.sources.at(-1)
  const conditions = names.map((name): OpenExpr => {
    const left = before.map((source) => sourceColumn(source, name)).find((expr) => expr !== undefined)
    const right = joined && sourceColumn(joined, name)
    if (!left || !right) throw new HogqlError('unknown_column', `USING: "${name}" is not a column of both tables`, span)
    scope.usingColumns.add(name)
    return { kind: 'comparison', op: '=', left, right, type: t.boolean }
  })
  return conjunction(conditions) ?? { kind: 'value', value: true, bound: 'Bool', type: t.boolean }
}

function sourceColumn(source: ScopeSource, name: string): OpenExpr | undefined {
  if (source.kind === 'table') return Object.hasOwn(source.table.definition.columns, name) ? tableColumn(source.table, name) : undefined
  const column = source.columns.find((candidate) => candidate.name === name)
  return column && derivedColumn(source, column)
}

type Joinable = Pick<S.From, 'table' | 'alias' | 'columnAliases' | 'final' | 'span'>

function addSource(resolver: Resolver, item: Joinable, scope: Scope, traits: { optional?: boolean; sample?: number }): Source<Decision> {
  const { source, bound } = resolveTable(resolver, item, scope, traits)
  const duplicate = scope.sources.find((known) => known.name === bound.name)
  if (duplicate && bound.name)
    throw new HogqlError('ambiguous_column', `Two tables are named "${bound.name}"; give one an alias with AS`, item.span)
  scope.sources.push(bound)
  return source
}

function resolveTable(
  resolver: Resolver,
  item: Joinable,
  scope: Scope,
  traits: { optional?: boolean; sample?: number },
): { source: Source<Decision>; bound: ScopeSource } {
  const { table } = item
  if (traits.sample !== undefined && table.kind !== 'table') throw new HogqlError('unsupported', 'SAMPLE needs a table', item.span)
  switch (table.kind) {
    case 'subquery':
      return derived(resolver.query(table.query, scope), item, traits)
    case 'values':
      return derived(resolver.query(unionOfRows(table), scope), item, traits)
    case 'placeholder':
      throw new HogqlError('unknown_placeholder', 'A placeholder cannot stand for a table', table.span)
    case 'table':
      return namedTable(resolver, table, item, scope, traits)
  }
}

/** `VALUES (1, 'a'), (2, 'b')`: a SELECT for each row. Without names of its own, its columns are `col1`, `col2` and so on. */
function unionOfRows(values: Extract<S.TableExpr, { kind: 'values' }>): S.Query {
  const [first = [], ...others] = values.rows
  const uneven = others.find((row) => row.length !== first.length)
  if (uneven)
    throw new HogqlError(
      'wrong_arguments',
      `The rows of VALUES must be equally long; there are ${first.length} and ${uneven.length}`,
      values.span,
    )
  const rows = [first, ...others].map((row) => selectOf(row.map((expr, i) => named(`col${i + 1}`, expr))))
  const [head = selectOf([]), ...rest] = rows
  return rest.length === 0 ? head : { kind: 'set', first: head, rest: rest.map((query) => ({ operator: 'UNION ALL', query })), orderBy: [] }
}

function derived(
  resolved: ResolvedQuery,
  item: Joinable,
  traits: { optional?: boolean },
): { source: Source<Decision>; bound: ScopeSource } {
  const name = { wanted: item.alias ?? 'subquery' }
  const renamed = item.columnAliases
  if (renamed && renamed.length !== resolved.columns.length) {
    throw new HogqlError('wrong_arguments', `${renamed.length} names are given to ${resolved.columns.length} columns`, item.span)
  }
  const columns = renamed ? resolved.columns.map((column, i): Column => ({ ...column, name: renamed[i] ?? column.name })) : resolved.columns
  return {
    source: { kind: 'derived', name, query: resolved.query },
    bound: { kind: 'columns', name: item.alias ?? '', source: name, columns, optional: traits.optional === true },
  }
}

function namedTable(
  resolver: Resolver,
  table: Extract<S.TableExpr, { kind: 'table' }>,
  item: Joinable,
  scope: Scope,
  traits: { optional?: boolean; sample?: number },
): { source: Source<Decision>; bound: ScopeSource } {
  const name = table.name.join('.')
  const cte = scope.ctes.get(name)
  if (cte?.cte.expr.kind === 'query' && !table.args) {
    const columnAliases = item.columnAliases ?? cte.cte.columns
    return derived(
      resolver.query(cte.cte.expr.query, cte.scope),
      { ...item, alias: item.alias ?? name, ...(columnAliases ? { columnAliases } : {}) },
      traits,
    )
  }
  if (name === 'numbers') return numbers(resolver, table, item, scope)
  const definition = Object.hasOwn(tables, name) ? tables[name as keyof typeof tables] : undefined
  if (!definition) {
    const reason = refusedTable(name)
    if (reason) throw new HogqlError('unsupported', `The table "${name}" is not there: ${reason}`, table.span)
    if (table.args) throw new HogqlError('unknown_table', `Unknown table function "${name}". numbers(n) is the only one`, table.span)
    const names = [
      ...tableNames,
      ...[...scope.ctes.values()].filter(({ cte: { expr } }) => expr.kind === 'query').map(({ cte: known }) => known.name),
    ]
    throw new HogqlError('unknown_table', `Unknown table "${name}".${nearMiss(name, names)}`, table.span)
  }
  if (table.args) throw new HogqlError('wrong_arguments', `"${name}" is a table and takes no arguments`, table.span)
  if (item.columnAliases) throw new HogqlError('unsupported', 'Columns of a table cannot be renamed in FROM', item.span)
  if (traits.sample !== undefined && name !== 'events') throw new HogqlError('unsupported', 'SAMPLE is for events only', item.span)
  const alias = item.alias ?? name
  const source = { wanted: alias }
  const instance = new TableInstance(definition, source, traits)
  return { source: { kind: 'table', name: source, table: instance }, bound: { kind: 'table', name: alias, table: instance } }
}

function numbers(
  resolver: Resolver,
  table: Extract<S.TableExpr, { kind: 'table' }>,
  item: Joinable,
  scope: Scope,
): { source: Source<Decision>; bound: ScopeSource } {
  const args = table.args ?? []
  if (args.length < 1 || args.length > 2)
    throw new HogqlError('wrong_arguments', `numbers takes 1 or 2 arguments, not ${args.length}`, table.span)
  const name = { wanted: item.alias ?? 'numbers' }
  const columns = [{ name: item.columnAliases?.[0] ?? 'number', type: t.integer, alias: numberColumn }]
  return {
    source: { kind: 'numbers', name, args: args.map((arg) => resolver.expr(arg, { ...innerScope(scope), ctes: scope.ctes })) },
    bound: { kind: 'columns', name: item.alias ?? 'numbers', source: name, columns, optional: false },
  }
}

/** The engine's own name for the column of `numbers()`. */
const numberColumn: AliasName = { wanted: 'number' }

function resolveArrayJoin(
  resolver: Resolver,
  join: NonNullable<S.Select['arrayJoin']>,
  scope: Scope,
): NonNullable<Select<Decision>['arrayJoin']> {
  return {
    left: join.left,
    items: join.items.map((item) => {
      if (item.kind !== 'alias') throw new HogqlError('syntax_error', 'ARRAY JOIN needs a name: ARRAY JOIN … AS name', item.span)
      const of = resolver.expr(item.expr, scope)
      const alias: AliasName = { wanted: item.name }
      scope.aliases.set(item.name, { alias, type: of.type.name === 'array' ? of.type.item : t.unknown })
      return { kind: 'aliased' as const, alias, expr: of, type: of.type }
    }),
  }
}

/** `GROUP BY 1`: the item of that number. */
function positional(resolver: Resolver, expr: S.Expr, items: Item[], scope: Scope): OpenExpr {
  if (expr.kind !== 'constant' || typeof expr.value !== 'number') return resolver.expr(expr, scope)
  const item = items[expr.value - 1]
  if (!item) throw new HogqlError('invalid_value', `There is no column number ${expr.value}; the query selects ${items.length}`, expr.span)
  return { kind: 'aliasRef', alias: item.alias, type: item.expr.type }
}

function orderItem(resolver: Resolver, order: S.OrderBy, items: Item[], scope: Scope) {
  if (order.expr.kind !== 'constant' || typeof order.expr.value !== 'number') return resolveOrderBy(resolver, order, scope)
  return {
    ...resolveOrderBy(resolver, { ...order, expr: { kind: 'constant', value: 0 } }, scope),
    expr: positional(resolver, order.expr, items, scope),
  }
}

function resolveGroupBy(
  groupBy: NonNullable<S.Select['groupBy']>,
  position: (expr: S.Expr) => OpenExpr,
): NonNullable<Select<Decision>['groupBy']> {
  if (groupBy.mode === 'sets') return { mode: 'sets', sets: groupBy.sets.map((set) => set.map(position)) }
  return { mode: groupBy.mode, exprs: groupBy.exprs.map(position) }
}

function count(expr: S.Expr, clause: string): OpenExpr {
  if (expr.kind !== 'constant' || typeof expr.value !== 'number' || !Number.isInteger(expr.value) || expr.value < 0) {
    throw new HogqlError('invalid_value', `${clause} takes a whole number, 0 or more`, expr.span)
  }
  return { kind: 'value', value: expr.value, bound: 'UInt64', type: t.integer }
}

function conjunction(exprs: OpenExpr[]): OpenExpr | undefined {
  const [first] = exprs
  return exprs.length <= 1 ? first : { kind: 'call', name: 'and', args: exprs, type: t.boolean }
}
