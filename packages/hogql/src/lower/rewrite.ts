import type {
  CallParts,
  Decision,
  Expr,
  From,
  OpenNodes,
  OrderBy,
  PlainNode,
  PlainSource,
  Query,
  Select,
  Source,
  TableSource,
  Window,
} from '../tree/resolved.ts'

/** What a value is for: a condition of WHERE and the like drops null as it drops false; one of ON pairs rows. */
export type Use = 'value' | 'filter' | 'pairing'

/**
 * A pass: takes the decisions `From` minus `To` out of a tree. Everything else is copied by {@link rewriteQuery}.
 */
export interface Pass<Before extends Decision, After extends Before> {
  /** Called for each node whose decision is taken; `inner` rewrites what is below it. */
  expr(
    node: { [K in Exclude<Before, After>]: OpenNodes<Before>[K] }[Exclude<Before, After>],
    inner: Inner<Before, After>,
    use: Use,
  ): Expr<After>
  kinds: readonly string[]
  /** Called for each SELECT before anything in it is rewritten: what it gives is rewritten instead. */
  select?(select: Select<Before>): Select<Before>
  /** Called for each FROM, to change sources and joins. */
  from?(from: From<Before>, inner: Inner<Before, After>): From<After>
}

export type Inner<Before extends Decision, After extends Before> = (expr: Expr<Before>, use?: Use) => Expr<After>

export function rewriteQuery<Before extends Decision, After extends Before>(query: Query<Before>, pass: Pass<Before, After>): Query<After> {
  if (query.kind === 'set') {
    return {
      kind: 'set',
      first: rewriteQuery(query.first, pass),
      rest: query.rest.map(({ operator, query: part }) => ({ operator, query: rewriteQuery(part, pass) })),
    }
  }
  return rewriteSelect(query, pass)
}

function rewriteSelect<Before extends Decision, After extends Before>(given: Select<Before>, pass: Pass<Before, After>): Select<After> {
  const select = pass.select?.(given) ?? given
  const inner: Inner<Before, After> = (expr, use = 'value') => rewriteExpr(expr, pass, use)
  const each = (exprs: Expr<Before>[]) => exprs.map((expr) => inner(expr))
  const condition = (expr: Expr<Before>) => inner(expr, 'filter')
  const { from, arrayJoin, where, groupBy, having, qualify, limitBy, limit, offset } = select
  return {
    kind: 'select',
    distinct: select.distinct,
    items: select.items.map(({ alias, expr }) => ({ alias, expr: inner(expr) })),
    ...(from ? { from: pass.from ? pass.from(from, inner) : rewriteFrom(from, inner, pass) } : {}),
    ...(arrayJoin ? { arrayJoin: { left: arrayJoin.left, items: each(arrayJoin.items) } } : {}),
    ...(where ? { where: condition(where) } : {}),
    ...(groupBy
      ? {
          groupBy:
            groupBy.mode === 'sets' ? { mode: 'sets', sets: groupBy.sets.map(each) } : { mode: groupBy.mode, exprs: each(groupBy.exprs) },
        }
      : {}),
    ...(having ? { having: condition(having) } : {}),
    ...(qualify ? { qualify: condition(qualify) } : {}),
    windows: select.windows.map(({ name, window }) => ({ name, window: rewriteWindow(window, inner) })),
    orderBy: select.orderBy.map((order) => rewriteOrderBy(order, inner)),
    ...(limitBy
      ? { limitBy: { limit: inner(limitBy.limit), by: each(limitBy.by), ...(limitBy.offset ? { offset: inner(limitBy.offset) } : {}) } }
      : {}),
    ...(limit ? { limit: inner(limit) } : {}),
    ...(offset ? { offset: inner(offset) } : {}),
    withTies: select.withTies,
  }
}

function rewriteFrom<Before extends Decision, After extends Before>(
  from: From<Before>,
  inner: Inner<Before, After>,
  pass: Pass<Before, After>,
): From<After> {
  return {
    first: rewriteSource(from.first, inner, pass),
    joins: from.joins.map(({ join, source, on }) => ({
      join,
      source: rewriteSource(source, inner, pass),
      ...(on ? { on: inner(on, 'pairing') } : {}),
    })),
  }
}

export function rewriteSource<Before extends Decision, After extends Before>(
  source: Source<Before>,
  inner: Inner<Before, After>,
  pass: Pass<Before, After>,
): Source<After> {
  const node = source as PlainSource<Before> | TableSource
  switch (node.kind) {
    case 'derived':
      return { kind: 'derived', name: node.name, query: rewriteQuery(node.query, pass) }
    case 'numbers':
      return { kind: 'numbers', name: node.name, args: node.args.map((arg) => inner(arg)) }
    case 'scanned':
      return node
    case 'table':
      // Only a pass that gives its own `from` takes tables away; for every other one they stay.
      return node as Source<After>
  }
}

function rewriteOrderBy<Before extends Decision, After extends Before>(
  order: OrderBy<Before>,
  inner: Inner<Before, After>,
): OrderBy<After> {
  const { fill } = order
  return {
    expr: inner(order.expr),
    descending: order.descending,
    ...(order.nulls ? { nulls: order.nulls } : {}),
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

function rewriteWindow<Before extends Decision, After extends Before>(window: Window<Before>, inner: Inner<Before, After>): Window<After> {
  return {
    partitionBy: window.partitionBy.map((expr) => inner(expr)),
    orderBy: window.orderBy.map((order) => rewriteOrderBy(order, inner)),
    ...(window.frame ? { frame: window.frame } : {}),
  }
}

/** Whether a pass left what it was given as it is; then nothing below it has a decision of that pass. */
function isSame<Before extends Decision, After extends Before>(after: Expr<After>, before: Expr<Before>): boolean {
  return (after as unknown) === before
}
function unchanged<Before extends Decision, After extends Before>(node: PlainNode<Before>): Expr<After> {
  return node as unknown as Expr<After>
}

/** why: one array and one call for all that a pass does not change. Most of a tree stays as it is in most passes. */
export function rewriteList<Before extends Decision, After extends Before>(
  exprs: Expr<Before>[],
  inner: Inner<Before, After>,
  use: Use = 'value',
): Expr<After>[] {
  let changed: Expr<After>[] | undefined
  for (let i = 0; i < exprs.length; i++) {
    const expr = exprs[i] as Expr<Before>
    const after = inner(expr, use)
    if (!changed && !isSame(after, expr)) changed = exprs.slice(0, i) as Expr<never>[] as Expr<After>[]
    changed?.push(after)
  }
  return changed ?? (exprs as Expr<never>[] as Expr<After>[])
}

function rewriteCall<Before extends Decision, After extends Before>(
  node: Extract<PlainNode<Before>, { kind: 'call' }>,
  inner: Inner<Before, After>,
  use: Use,
): Expr<After> {
  if (hasArgumentsOnly(node)) {
    const args = rewriteList(node.args, inner, use)
    if ((args as unknown) === node.args) return unchanged(node)
    const rewritten: Extract<PlainNode<After>, { kind: 'call' }> = { kind: 'call', name: node.name, args, type: node.type }
    if (node.span) rewritten.span = node.span
    return rewritten
  }
  const parts = rewriteCallParts<Before, After>(node, inner, use)
  return { kind: 'call', name: node.name, ...parts, type: node.type, ...(node.span ? { span: node.span } : {}) }
}

export const hasArgumentsOnly = <D extends Decision>(call: CallParts<D>) =>
  !(call.params || call.distinct || call.filter || call.orderBy || call.over)

/** The parts of a call below its name. */
export function rewriteCallParts<Before extends Decision, After extends Before>(
  call: CallParts<Before>,
  inner: Inner<Before, After>,
  use: Use = 'value',
): CallParts<After> {
  if (hasArgumentsOnly(call)) return { args: rewriteList(call.args, inner, use) }
  return {
    args: rewriteList(call.args, inner, use),
    ...(call.params ? { params: call.params.map((param) => inner(param)) } : {}),
    ...(call.distinct ? { distinct: true } : {}),
    ...(call.filter ? { filter: inner(call.filter, 'filter') } : {}),
    ...(call.orderBy ? { orderBy: call.orderBy.map((order) => rewriteOrderBy(order, inner)) } : {}),
    ...(call.over ? { over: 'name' in call.over ? call.over : rewriteWindow(call.over, inner) } : {}),
  }
}

function rewriteExpr<Before extends Decision, After extends Before>(expr: Expr<Before>, pass: Pass<Before, After>, use: Use): Expr<After> {
  const inner: Inner<Before, After> = (child, childUse = 'value') => rewriteExpr(child, pass, childUse)
  if (pass.kinds.includes(expr.kind)) return pass.expr(expr as Parameters<Pass<Before, After>['expr']>[0], inner, use)
  const node = expr as PlainNode<Before> | OpenNodes<Before>[Decision]
  switch (node.kind) {
    case 'value':
    case 'null':
    case 'parameter':
    case 'column':
    case 'aliasRef':
    case 'stored':
    case 'joined':
      return node
    case 'call': {
      // and/or of conditions are conditions: null among them counts as false either way.
      const keeps = use !== 'value' && (node.name === 'and' || (node.name === 'or' && use === 'filter'))
      return rewriteCall(node, inner, keeps ? use : 'value')
    }
    case 'cast':
    case 'aliased': {
      const of = inner(node.expr)
      return isSame(of, node.expr) ? unchanged(node) : { ...node, expr: of }
    }
    case 'lambda': {
      const body = inner(node.body)
      return isSame(body, node.body) ? unchanged(node) : { ...node, body }
    }
    case 'subquery':
      return { ...node, query: rewriteQuery(node.query, pass) }
    // What follows are decisions that this pass leaves to a later one: the node stays, what is below it is rewritten.
    case 'function':
      return { ...node, ...rewriteCallParts(node, inner) } as OpenNodes<After>['function'] as Expr<After>
    case 'comparison':
      return { ...node, left: inner(node.left), right: inner(node.right) } as OpenNodes<After>['comparison'] as Expr<After>
    case 'property':
      return ('expr' in node.of ? { ...node, of: { expr: inner(node.of.expr) } } : node) as OpenNodes<After>['property'] as Expr<After>
    case 'tableColumn':
      return node as OpenNodes<After>['tableColumn'] as Expr<After>
  }
}
