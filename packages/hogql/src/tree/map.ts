import type * as S from './syntax.ts'

/** Given each expression and the SELECT that it stands in; undefined keeps it and goes on below it. */
export type Mapper = (expr: S.Expr, select: S.Select | undefined) => S.Expr | undefined

/** A copy of a query with some of its expressions replaced. What is put in is gone through as well. */
export function mapQuery(query: S.Query, mapper: Mapper): S.Query {
  if (query.kind === 'select') return mapSelect(query, mapper)
  const inner = (expr: S.Expr) => mapExpr(expr, mapper, undefined)
  return {
    ...query,
    first: mapQuery(query.first, mapper),
    rest: query.rest.map((part) => ({ ...part, query: mapQuery(part.query, mapper) })),
    orderBy: query.orderBy.map((order) => mapOrderBy(order, inner)),
    ...(query.limit ? { limit: inner(query.limit) } : {}),
    ...(query.offset ? { offset: inner(query.offset) } : {}),
  }
}

type Inner = (expr: S.Expr) => S.Expr

function mapSelect(select: S.Select, mapper: Mapper): S.Select {
  const inner: Inner = (expr) => mapExpr(expr, mapper, select)
  const { from, arrayJoin, prewhere, where, groupBy, having, qualify, limitBy, limit, offset } = select
  return {
    ...select,
    ctes: select.ctes.map((cte) => ({
      ...cte,
      expr:
        cte.expr.kind === 'query'
          ? { kind: 'query', query: mapQuery(cte.expr.query, mapper) }
          : { kind: 'column', expr: inner(cte.expr.expr) },
    })),
    items: select.items.map(inner),
    ...(from ? { from: mapFrom(from, mapper, inner) } : {}),
    ...(arrayJoin ? { arrayJoin: { ...arrayJoin, items: arrayJoin.items.map(inner) } } : {}),
    ...(prewhere ? { prewhere: inner(prewhere) } : {}),
    ...(where ? { where: inner(where) } : {}),
    ...(groupBy
      ? {
          groupBy:
            groupBy.mode === 'sets'
              ? { ...groupBy, sets: groupBy.sets.map((set) => set.map(inner)) }
              : { ...groupBy, exprs: groupBy.exprs.map(inner) },
        }
      : {}),
    ...(having ? { having: inner(having) } : {}),
    ...(qualify ? { qualify: inner(qualify) } : {}),
    windows: select.windows.map(({ name, window }) => ({ name, window: mapWindow(window, inner) })),
    orderBy: select.orderBy.map((order) => mapOrderBy(order, inner)),
    ...(limitBy
      ? {
          limitBy: { limit: inner(limitBy.limit), by: limitBy.by.map(inner), ...(limitBy.offset ? { offset: inner(limitBy.offset) } : {}) },
        }
      : {}),
    ...(limit ? { limit: inner(limit) } : {}),
    ...(offset ? { offset: inner(offset) } : {}),
  }
}

function mapFrom(from: S.From, mapper: Mapper, inner: Inner): S.From {
  const joins = from.joins.map((join) => ({
    ...join,
    table: mapTable(join.table, mapper, inner),
    ...(join.on ? { on: inner(join.on) } : {}),
  }))
  return { ...from, table: mapTable(from.table, mapper, inner), joins }
}

function mapTable(table: S.TableExpr, mapper: Mapper, inner: Inner): S.TableExpr {
  switch (table.kind) {
    case 'table':
      return table.args ? { ...table, args: table.args.map(inner) } : table
    case 'subquery':
      return { ...table, query: mapQuery(table.query, mapper) }
    case 'values':
      return { ...table, rows: table.rows.map((row) => row.map(inner)) }
    case 'placeholder':
      return table
  }
}

function mapOrderBy(order: S.OrderBy, inner: Inner): S.OrderBy {
  const { fill } = order
  return {
    ...order,
    expr: inner(order.expr),
    ...(fill
      ? {
          fill: {
            ...(fill.from ? { from: inner(fill.from) } : {}),
            ...(fill.to ? { to: inner(fill.to) } : {}),
            ...(fill.step ? { step: inner(fill.step) } : {}),
          },
        }
      : {}),
  }
}

function mapWindow(window: S.WindowSpec, inner: Inner): S.WindowSpec {
  return { ...window, partitionBy: window.partitionBy.map(inner), orderBy: window.orderBy.map((order) => mapOrderBy(order, inner)) }
}

export function mapExpr(given: S.Expr, mapper: Mapper, select: S.Select | undefined): S.Expr {
  const replaced = mapper(given, select)
  if (replaced !== undefined && replaced !== given) return mapExpr(replaced, mapper, select)
  const expr = given
  const inner: Inner = (child) => mapExpr(child, mapper, select)
  switch (expr.kind) {
    case 'constant':
    case 'field':
    case 'placeholder':
      return expr
    case 'call':
      return {
        ...expr,
        args: expr.args.map(inner),
        ...(expr.params ? { params: expr.params.map(inner) } : {}),
        ...(expr.filter ? { filter: inner(expr.filter) } : {}),
        ...(expr.orderBy ? { orderBy: expr.orderBy.map((order) => mapOrderBy(order, inner)) } : {}),
        ...(expr.over ? { over: 'name' in expr.over ? expr.over : mapWindow(expr.over, inner) } : {}),
      }
    case 'arithmetic':
    case 'compare':
    case 'distinct-from':
      return { ...expr, left: inner(expr.left), right: inner(expr.right) }
    case 'between':
      return { ...expr, expr: inner(expr.expr), low: inner(expr.low), high: inner(expr.high) }
    case 'and':
    case 'or':
      return { ...expr, exprs: expr.exprs.map(inner) }
    case 'not':
    case 'alias':
    case 'cast':
      return { ...expr, expr: inner(expr.expr) }
    case 'array':
    case 'tuple':
      return { ...expr, items: expr.items.map(inner) }
    case 'access':
      return { ...expr, base: inner(expr.base), index: inner(expr.index) }
    case 'tuple-access':
      return { ...expr, base: inner(expr.base) }
    case 'slice':
      return {
        ...expr,
        base: inner(expr.base),
        ...(expr.from ? { from: inner(expr.from) } : {}),
        ...(expr.to ? { to: inner(expr.to) } : {}),
      }
    case 'lambda':
      return { ...expr, body: inner(expr.body) }
    case 'subquery':
      return { ...expr, query: mapQuery(expr.query, mapper) }
    case 'columns':
      return expr.columns ? { ...expr, columns: expr.columns.map(inner) } : expr
  }
}
