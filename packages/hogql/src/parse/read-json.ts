import { HogqlError, type Span } from '../errors.ts'
import type * as S from '../tree/syntax.ts'

type Json = Record<string, unknown>

/**
 * Reads the parser's JSON into our own tree, and refuses by name every node that has no meaning in a query.
 * The parser's offsets count code points; spans count UTF-16 code units.
 */
export function createReader(source: string) {
  const toUnits = codePointOffsets(source)

  function span(json: Json): { span?: Span } {
    const start = (json.start as { offset?: number } | null | undefined)?.offset
    const end = (json.end as { offset?: number } | null | undefined)?.offset
    return start === undefined || end === undefined ? {} : { span: { start: toUnits(start), end: toUnits(end) } }
  }

  function refuse(json: Json, what: string): never {
    throw new HogqlError('unsupported', what, span(json).span)
  }

  const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : [])
  const exprs = (value: unknown): S.Expr[] => list(value).map(expr)
  const optional = (value: unknown): S.Expr | undefined => (value ? expr(value) : undefined)

  function expr(value: unknown): S.Expr {
    const json = value as Json
    const at = span(json)
    switch (json.node) {
      case 'Constant':
        return { kind: 'constant', value: constantValue(json), ...at }
      case 'Field':
        return { kind: 'field', chain: (json.chain as (string | number)[]).map(String), ...at }
      case 'Call':
        return functionCall(json, at)
      case 'WindowFunction':
        return windowCall(json, at)
      case 'ArithmeticOperation':
        return { kind: 'arithmetic', op: json.op as S.ArithmeticOp, left: expr(json.left), right: expr(json.right), ...at }
      case 'CompareOperation':
        return { kind: 'compare', op: compareOp(json), left: expr(json.left), right: expr(json.right), ...at }
      case 'BetweenExpr':
        return { kind: 'between', expr: expr(json.expr), low: expr(json.low), high: expr(json.high), negated: json.negated === true, ...at }
      case 'IsDistinctFrom':
        return { kind: 'distinct-from', left: expr(json.left), right: expr(json.right), negated: json.negated === true, ...at }
      case 'And':
        return { kind: 'and', exprs: exprs(json.exprs), ...at }
      case 'Or':
        return { kind: 'or', exprs: exprs(json.exprs), ...at }
      case 'Not':
        return { kind: 'not', expr: expr(json.expr), ...at }
      case 'Alias':
        return { kind: 'alias', name: json.alias as string, expr: expr(json.expr), ...at }
      case 'Array':
        return { kind: 'array', items: exprs(json.exprs), ...at }
      case 'Tuple':
        return { kind: 'tuple', items: exprs(json.exprs), ...at }
      case 'ArrayAccess':
        return { kind: 'access', base: expr(json.array), index: expr(json.property), ...at }
      case 'TupleAccess':
        return { kind: 'tuple-access', base: expr(json.tuple), index: json.index as number, ...at }
      case 'ArraySlice':
        return arraySlice(json, at)
      case 'Lambda':
        return lambda(json, at)
      case 'TypeCast':
      case 'TryCast':
        return { kind: 'cast', expr: expr(json.expr), type: json.type_name as string, safe: json.node === 'TryCast', ...at }
      case 'SelectQuery':
      case 'SelectSetQuery':
        return { kind: 'subquery', query: query(json), ...at }
      case 'Placeholder':
        return { kind: 'placeholder', expr: expr(json.expr), ...at }
      case 'ColumnsExpr':
        return columns(json, at)
      case 'Dict':
        return refuse(json, 'Dictionaries {…} can be used in Hog programs, not in queries')
      case 'HogQLXTag':
        return tag(json, at)
      case 'ExprCall':
        return refuse(json, 'Only functions can be called')
      case 'PositionalRef':
        return refuse(json, 'Column numbers (#1) are not supported; name the column')
      case 'NamedArgument':
        return refuse(json, 'Named arguments are not supported')
      case 'SpreadExpr':
        return refuse(json, 'Spreading (...) is not supported')
      default:
        return refuse(json, `${String(json.node)} is not supported`)
    }
  }

  /** `<Sparkline data={[1, 2]} />`: a tuple that says what it is, which the web app draws. */
  function tag(json: Json, at: { span?: Span }): S.Expr {
    const text = (value: unknown): S.Constant => ({ kind: 'constant', value: String(value) })
    const attributes = list(json.attributes).flatMap(({ name, value }): S.Expr[] => [
      text(name),
      Array.isArray(value) ? { kind: 'tuple', items: exprs(value) } : expr(value),
    ])
    return { kind: 'tuple', items: [text('__hx_tag'), text(json.kind), ...attributes], ...at }
  }

  function constantValue(json: Json): S.ConstantValue {
    if (json.value_type !== 'number') return (json.value ?? null) as S.ConstantValue
    const text = String(json.value)
    return /^-?\d+$/.test(text) ? BigInt(text) : Number(text)
  }

  function compareOp(json: Json): S.CompareOp {
    const op = json.op as string
    if (op === '==') return '='
    if (op in compareOps) return op as S.CompareOp
    return refuse(json, `The operator ${op} is not supported`)
  }

  function functionCall(json: Json, at: { span?: Span }): S.Expr {
    const comparison = comparisonFunctions[json.name as string]
    const [left, right, more] = list(json.args)
    // An operator written as a function: null is a value there too.
    if (comparison && left && right && !more) return { kind: 'compare', op: comparison, left: expr(left), right: expr(right), ...at }
    const order = [...list(json.order_by), ...list(json.within_group)].map(orderBy)
    return {
      kind: 'call',
      name: json.name as string,
      args: exprs(json.args),
      ...(json.params ? { params: exprs(json.params) } : {}),
      ...(json.distinct ? { distinct: true } : {}),
      ...(json.filter_expr ? { filter: expr(json.filter_expr) } : {}),
      ...(order.length ? { orderBy: order } : {}),
      ...at,
    }
  }

  // The parser puts a window function's arguments under `exprs`, unless it has parameters: then those are there.
  function windowCall(json: Json, at: { span?: Span }): S.Call {
    const args = exprs(json.args)
    const head = exprs(json.exprs)
    return {
      kind: 'call',
      name: json.name as string,
      args: args.length ? args : head,
      ...(args.length && head.length ? { params: head } : {}),
      over: json.over_identifier ? { name: json.over_identifier as string } : windowSpec((json.over_expr ?? {}) as Json),
      ...at,
    }
  }

  function windowSpec(json: Json): S.WindowSpec {
    const bound = (frame: Json): S.FrameBound => ({
      kind: (frame.frame_type ?? 'CURRENT ROW') as S.FrameBound['kind'],
      ...(typeof frame.frame_value === 'number' ? { rows: frame.frame_value } : {}),
    })
    const from = json.frame_start as Json | null | undefined
    const to = json.frame_end as Json | null | undefined
    return {
      partitionBy: exprs(json.partition_by),
      orderBy: list(json.order_by).map(orderBy),
      ...(from ? { frame: { unit: json.frame_method as 'ROWS' | 'RANGE', from: bound(from), ...(to ? { to: bound(to) } : {}) } } : {}),
    }
  }

  function arraySlice(json: Json, at: { span?: Span }): S.Expr {
    const from = optional(json.start_expr)
    const to = optional(json.end_expr)
    return { kind: 'slice', base: expr(json.array), ...(from ? { from } : {}), ...(to ? { to } : {}), ...at }
  }

  function lambda(json: Json, at: { span?: Span }): S.Expr {
    const body = json.expr as Json
    if (body.node === 'Block') return refuse(json, 'A lambda in a query is one expression, not a block')
    return { kind: 'lambda', params: json.args as string[], body: expr(body), ...at }
  }

  function columns(json: Json, at: { span?: Span }): S.Expr {
    const exclude = (json.exclude ?? []) as string[]
    if (json.all_columns) return { kind: 'columns', exclude, ...at }
    if (json.regex) return { kind: 'columns', regex: json.regex as string, exclude, ...at }
    return { kind: 'columns', columns: exprs(json.columns), exclude, ...at }
  }

  function orderBy(value: unknown): S.OrderBy {
    const json = value as Json
    const at = span(json)
    const ordered = expr(json.expr)
    const fill = json.with_fill as Json | null | undefined
    const [from, to, step] = [optional(fill?.from_value), optional(fill?.to_value), optional(fill?.step_value)]
    // tricky: the parser accepts NULLS FIRST and LAST and leaves them out of its tree; the text after the expression still tells.
    const tail = at.span && ordered.span ? source.slice(ordered.span.end, at.span.end) : ''
    const nulls = /^\W*(?:(?:asc|desc|ascending|descending)\s+)?nulls\s+(first|last)\b/i.exec(tail)?.[1]?.toLowerCase() as
      | 'first'
      | 'last'
      | undefined
    if (/\bcollate\b/i.test(tail) && !fill) refuse(json, 'COLLATE is not supported')
    return {
      expr: ordered,
      descending: json.order === 'DESC',
      ...(nulls ? { nulls } : {}),
      ...(fill ? { fill: { ...(from ? { from } : {}), ...(to ? { to } : {}), ...(step ? { step } : {}) } } : {}),
      ...at,
    }
  }

  function tableExpr(json: Json, args: unknown): S.TableExpr {
    const at = span(json)
    switch (json.node) {
      case 'Field':
        return { kind: 'table', name: (json.chain as (string | number)[]).map(String), ...(args ? { args: exprs(args) } : {}), ...at }
      case 'SelectQuery':
      case 'SelectSetQuery':
        return { kind: 'subquery', query: query(json), ...at }
      case 'ValuesQuery':
        return { kind: 'values', rows: (json.rows as unknown[][]).map(exprs), ...at }
      case 'Placeholder':
        return { kind: 'placeholder', expr: expr(json.expr), ...at }
      case 'PivotExpr':
      case 'UnpivotExpr':
        return refuse(json, 'PIVOT and UNPIVOT are not supported')
      default:
        return refuse(json, `${String(json.node)} cannot stand for a table`)
    }
  }

  function joinTarget(json: Json) {
    return {
      table: tableExpr(json.table as Json, json.table_args),
      ...(json.alias ? { alias: json.alias as string } : {}),
      ...(json.column_aliases ? { columnAliases: json.column_aliases as string[] } : {}),
      ...(json.table_final ? { final: true } : {}),
      ...span(json),
    }
  }

  function from(json: Json): S.From {
    const joins: S.Join[] = []
    for (let next = json.next_join as Json | null | undefined; next; next = next.next_join as Json | null | undefined)
      joins.push(join(next))
    const sample = json.sample as Json | null | undefined
    return { ...joinTarget(json), ...(sample ? { sample: sampleShare(sample) } : {}), joins }
  }

  function sampleShare(json: Json): number {
    if (json.offset_value) refuse(json, 'SAMPLE … OFFSET is not supported')
    const ratio = json.sample_value as Json
    const number = (side: unknown) => Number((side as Json | null)?.value ?? 1)
    const share = number(ratio.left) / number(ratio.right)
    if (!(share > 0 && share <= 1)) refuse(json, 'SAMPLE takes a share between 0 and 1')
    return share
  }

  function join(json: Json): S.Join {
    const kind = joinKind(String(json.join_type))
    if (!kind) return refuse(json, `${String(json.join_type)} is not supported`)
    if (json.sample) refuse(json, 'SAMPLE is supported for the first table only')
    const constraint = json.constraint as Json | null | undefined
    const condition = constraint ? (constraint.expr as Json) : undefined
    const using = constraint?.constraint_type === 'USING'
    return {
      join: kind,
      ...joinTarget(json),
      ...(condition && !using ? { on: expr(condition) } : {}),
      ...(condition && using ? { using: usingColumns(condition) } : {}),
    }
  }

  function usingColumns(json: Json): string[] {
    const fields = json.node === 'Tuple' ? list(json.exprs) : [json]
    return fields.map((item) => {
      const chain = item.chain as string[] | undefined
      if (item.node !== 'Field' || chain?.length !== 1) return refuse(item, 'USING takes names of columns')
      return String(chain[0])
    })
  }

  function query(value: unknown): S.Query {
    const json = value as Json
    if (json.node === 'SelectQuery') return select(json)
    if (json.node === 'SelectSetQuery') return setQuery(json)
    return refuse(json, 'A query starts with SELECT or WITH')
  }

  function setQuery(json: Json): S.SetQuery {
    const limit = optional(json.limit)
    const offset = optional(json.offset)
    if (json.limit_by || json.limit_percent) refuse(json, 'A union takes LIMIT and OFFSET only')
    return {
      kind: 'set',
      first: query(json.initial_select_query),
      rest: list(json.subsequent_select_queries).map((item) => {
        const operator = setOperators[item.set_operator as string]
        if (!operator) return refuse(json, `${String(item.set_operator)} is not supported`)
        return { operator, query: query(item.select_query) }
      }),
      orderBy: list(json.order_by).map(orderBy),
      ...(limit ? { limit } : {}),
      ...(offset ? { offset } : {}),
      ...span(json),
    }
  }

  function cte(json: Json): S.Cte {
    if (json.using_key) refuse(json, 'USING KEY is not supported')
    return {
      name: json.name as string,
      expr: json.cte_type === 'subquery' ? { kind: 'query', query: query(json.expr) } : { kind: 'column', expr: expr(json.expr) },
      ...(json.columns ? { columns: json.columns as string[] } : {}),
      recursive: json.recursive === true,
      ...span(json),
    }
  }

  function groupBy(json: Json): S.Select['groupBy'] {
    const mode = json.group_by_mode as string | null | undefined
    const items = list(json.group_by)
    if (mode === 'grouping_sets') return { mode: 'sets', sets: items.map((set) => exprs(set.exprs)) }
    if (mode === 'all' || mode === 'rollup' || mode === 'cube') return { mode, exprs: items.map(expr) }
    if (mode) return refuse(json, `GROUP BY ${mode} is not supported`)
    return items.length ? { mode: 'plain', exprs: items.map(expr) } : undefined
  }

  function select(json: Json): S.Select {
    if (json.limit_percent) refuse(json, 'LIMIT in per cent is not supported')
    const arrayJoin = json.array_join_op as string | null | undefined
    const limitBy = json.limit_by as Json | null | undefined
    const limitByOffset = optional(limitBy?.offset_value)
    const clauses = {
      from: json.select_from ? from(json.select_from as Json) : undefined,
      arrayJoin: arrayJoin ? { left: arrayJoin.startsWith('LEFT'), items: exprs(json.array_join_list) } : undefined,
      prewhere: optional(json.prewhere),
      where: optional(json.where),
      groupBy: groupBy(json),
      having: optional(json.having),
      qualify: optional(json.qualify),
      limitBy: limitBy && { limit: expr(limitBy.n), by: exprs(limitBy.exprs), ...(limitByOffset ? { offset: limitByOffset } : {}) },
      limit: optional(json.limit),
      offset: optional(json.offset),
    }
    return {
      kind: 'select',
      ctes: list(json.ctes).map(cte),
      distinct: json.distinct === true,
      items: exprs(json.select),
      ...(Object.fromEntries(Object.entries(clauses).filter(([, clause]) => clause)) as Partial<S.Select>),
      windows: Object.entries((json.window_exprs ?? {}) as Record<string, Json>).map(([name, window]) => ({
        name,
        window: windowSpec(window),
      })),
      orderBy: list(json.order_by).map(orderBy),
      withTies: json.limit_with_ties === true,
      ...span(json),
    }
  }

  return { expr, query, orderBy }
}

const compareOps: Record<S.CompareOp, true> = {
  '=': true,
  '!=': true,
  '<': true,
  '<=': true,
  '>': true,
  '>=': true,
  like: true,
  'not like': true,
  ilike: true,
  'not ilike': true,
  '=~': true,
  '!~': true,
  '=~*': true,
  '!~*': true,
  in: true,
  'not in': true,
  'in cohort': true,
  'not in cohort': true,
}

const comparisonFunctions: Record<string, S.CompareOp | undefined> = {
  equals: '=',
  notEquals: '!=',
  less: '<',
  lessOrEquals: '<=',
  greater: '>',
  greaterOrEquals: '>=',
  like: 'like',
  notLike: 'not like',
  ilike: 'ilike',
  notILike: 'not ilike',
  in: 'in',
  notIn: 'not in',
}

/** By the words of the join in the order of the alphabet; OUTER and ALL say what is so without them. */
const joinKinds: Record<string, S.JoinKind> = {
  '': 'INNER JOIN',
  INNER: 'INNER JOIN',
  LEFT: 'LEFT JOIN',
  RIGHT: 'RIGHT JOIN',
  FULL: 'FULL JOIN',
  CROSS: 'CROSS JOIN',
  ANY: 'INNER ANY JOIN',
  'ANY INNER': 'INNER ANY JOIN',
  'ANY LEFT': 'LEFT ANY JOIN',
  'ANY RIGHT': 'RIGHT ANY JOIN',
  SEMI: 'LEFT SEMI JOIN',
  'LEFT SEMI': 'LEFT SEMI JOIN',
  'RIGHT SEMI': 'RIGHT SEMI JOIN',
  ANTI: 'LEFT ANTI JOIN',
  'ANTI LEFT': 'LEFT ANTI JOIN',
  'ANTI RIGHT': 'RIGHT ANTI JOIN',
  ASOF: 'INNER ASOF JOIN',
  'ASOF INNER': 'INNER ASOF JOIN',
  'ASOF LEFT': 'LEFT ASOF JOIN',
}

function joinKind(words: string): S.JoinKind | undefined {
  const telling = words.split(' ').filter((word) => !['JOIN', 'OUTER', 'ALL'].includes(word))
  return joinKinds[telling.sort().join(' ')]
}

const setOperators: Record<string, S.SetOperator> = {
  'UNION ALL': 'UNION ALL',
  'UNION DISTINCT': 'UNION DISTINCT',
  INTERSECT: 'INTERSECT',
  'INTERSECT DISTINCT': 'INTERSECT DISTINCT',
  EXCEPT: 'EXCEPT',
  'EXCEPT DISTINCT': 'EXCEPT DISTINCT',
}

/** Code point offset → UTF-16 offset; the identity where the text has no surrogate pairs. */
function codePointOffsets(source: string): (offset: number) => number {
  if (!/[\ud800-\udfff]/.test(source)) return (offset) => offset
  const units: number[] = []
  let unit = 0
  for (const point of source) {
    units.push(unit)
    unit += point.length
  }
  return (offset) => units[offset] ?? unit
}
