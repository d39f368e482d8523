import type * as S from './syntax.ts'

/** A query as HogQL text, one line, in one spelling: what was asked, with placeholders and limits filled in. */
export function hogqlText(node: S.Expr | S.Query): string {
  return node.kind === 'select' || node.kind === 'set' ? query(node) : expr(node)
}

const words = new Set(
  'select from where group by having order limit offset union all distinct as and or not in like ilike is null between case when then else end join on using left right inner full cross any asof semi anti array with true false inf nan interval over partition window final sample prewhere qualify except intersect ties'.split(
    ' ',
  ),
)

/** A name as it is written in a query: in backquotes where it would be read as something else. */
export function hogqlIdentifier(name: string): string {
  if (/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) && !words.has(name.toLowerCase())) return name
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '``')}\``
}

function text(value: string): string {
  const escapes: Record<string, string> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\t': '\\t', '\r': '\\r', '\0': '\\0' }
  return `'${value.replace(/[\\'\n\t\r\0]/g, (found) => escapes[found] ?? found)}'`
}

function constant(value: S.ConstantValue): string {
  if (value === null) return 'NULL'
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  return String(value)
}

const list = (items: S.Expr[]) => items.map(expr).join(', ')

/** An operand: whatever binds weaker than a call goes into parentheses. */
function operand(node: S.Expr): string {
  const loose: S.Expr['kind'][] = ['arithmetic', 'compare', 'between', 'distinct-from', 'and', 'or', 'not', 'alias', 'lambda', 'cast']
  return loose.includes(node.kind) ? `(${expr(node)})` : expr(node)
}

function expr(node: S.Expr): string {
  switch (node.kind) {
    case 'constant':
      return constant(node.value)
    case 'field':
      return node.chain.map((link) => (link === '*' ? '*' : hogqlIdentifier(link))).join('.')
    case 'call':
      return call(node)
    case 'arithmetic':
      return `${operand(node.left)} ${node.op} ${operand(node.right)}`
    case 'compare':
      if (node.right.kind === 'constant' && node.right.value === null && node.op === '=') return `${operand(node.left)} IS NULL`
      if (node.right.kind === 'constant' && node.right.value === null && node.op === '!=') return `${operand(node.left)} IS NOT NULL`
      return `${operand(node.left)} ${node.op.toUpperCase()} ${operand(node.right)}`
    case 'between':
      return `${operand(node.expr)} ${node.negated ? 'NOT ' : ''}BETWEEN ${operand(node.low)} AND ${operand(node.high)}`
    case 'distinct-from':
      return `${operand(node.left)} IS ${node.negated ? 'NOT ' : ''}DISTINCT FROM ${operand(node.right)}`
    case 'and':
    case 'or':
      return node.exprs
        .map((part) => (part.kind === 'and' || part.kind === 'or' || part.kind === 'alias' ? `(${expr(part)})` : expr(part)))
        .join(` ${node.kind.toUpperCase()} `)
    case 'not':
      return `NOT ${operand(node.expr)}`
    case 'alias':
      return `${operand(node.expr)} AS ${hogqlIdentifier(node.name)}`
    case 'array':
      return `[${list(node.items)}]`
    case 'tuple':
      return node.items.length === 1 ? `tuple(${list(node.items)})` : `(${list(node.items)})`
    case 'access':
      return `${operand(node.base)}[${expr(node.index)}]`
    case 'tuple-access':
      return `${operand(node.base)}.${node.index}`
    case 'slice':
      return `${operand(node.base)}[${node.from ? expr(node.from) : ''}:${node.to ? expr(node.to) : ''}]`
    case 'lambda':
      return `${node.params.length === 1 ? hogqlIdentifier(node.params[0] ?? '') : `(${node.params.map(hogqlIdentifier).join(', ')})`} -> ${expr(node.body)}`
    case 'cast':
      return `${node.safe ? 'TRY_CAST' : 'CAST'}(${expr(node.expr)} AS ${node.type})`
    case 'subquery':
      return `(${query(node.query)})`
    case 'placeholder':
      return `{${expr(node.expr)}}`
    case 'columns':
      if (node.columns) return `COLUMNS(${list(node.columns)})`
      return node.regex === undefined ? `* EXCLUDE (${node.exclude.map(hogqlIdentifier).join(', ')})` : `COLUMNS(${text(node.regex)})`
  }
}

/** Before a parenthesis no word is anything but a function: `any(x)`, `left(x, 2)`. */
const functionName = (name: string) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : hogqlIdentifier(name))

function call(node: S.Call): string {
  const params = node.params ? `(${list(node.params)})` : ''
  const order = node.orderBy?.length ? ` ORDER BY ${node.orderBy.map(orderBy).join(', ')}` : ''
  const filter = node.filter ? ` FILTER (WHERE ${expr(node.filter)})` : ''
  const over = node.over ? ` OVER ${'name' in node.over ? hogqlIdentifier(node.over.name) : `(${window(node.over)})`}` : ''
  return `${functionName(node.name)}${params}(${node.distinct ? 'DISTINCT ' : ''}${list(node.args)}${order})${filter}${over}`
}

function orderBy(node: S.OrderBy): string {
  const { from, to, step } = node.fill ?? {}
  const fill = node.fill
    ? ` WITH FILL${from ? ` FROM ${expr(from)}` : ''}${to ? ` TO ${expr(to)}` : ''}${step ? ` STEP ${expr(step)}` : ''}`
    : ''
  return `${expr(node.expr)} ${node.descending ? 'DESC' : 'ASC'}${node.nulls ? ` NULLS ${node.nulls.toUpperCase()}` : ''}${fill}`
}

function window(node: S.WindowSpec): string {
  const bound = ({ kind, rows }: S.FrameBound) => (kind === 'CURRENT ROW' ? kind : `${rows ?? 'UNBOUNDED'} ${kind}`)
  const { frame } = node
  return [
    node.partitionBy.length ? `PARTITION BY ${list(node.partitionBy)}` : '',
    node.orderBy.length ? `ORDER BY ${node.orderBy.map(orderBy).join(', ')}` : '',
    frame ? (frame.to ? `${frame.unit} BETWEEN ${bound(frame.from)} AND ${bound(frame.to)}` : `${frame.unit} ${bound(frame.from)}`) : '',
  ]
    .filter(Boolean)
    .join(' ')
}

function tableExpr(node: S.TableExpr): string {
  switch (node.kind) {
    case 'table':
      return node.name.map(hogqlIdentifier).join('.') + (node.args ? `(${list(node.args)})` : '')
    case 'subquery':
      return `(${query(node.query)})`
    case 'values':
      return `(VALUES ${node.rows.map((row) => `(${list(row)})`).join(', ')})`
    case 'placeholder':
      return `{${expr(node.expr)}}`
  }
}

function target(node: Pick<S.From, 'table' | 'alias' | 'columnAliases' | 'final'>): string {
  const columns = node.columnAliases ? `(${node.columnAliases.map(hogqlIdentifier).join(', ')})` : ''
  return `${tableExpr(node.table)}${node.alias === undefined ? '' : ` AS ${hogqlIdentifier(node.alias)}${columns}`}${node.final ? ' FINAL' : ''}`
}

function from(node: S.From): string {
  const joins = node.joins.map((join) => {
    const on = join.on ? ` ON ${expr(join.on)}` : join.using ? ` USING (${join.using.map(hogqlIdentifier).join(', ')})` : ''
    return ` ${join.join} ${target(join)}${on}`
  })
  return ` FROM ${target(node)}${node.sample === undefined ? '' : ` SAMPLE ${node.sample}`}${joins.join('')}`
}

function groupBy(node: NonNullable<S.Select['groupBy']>): string {
  if (node.mode === 'sets') return ` GROUP BY GROUPING SETS (${node.sets.map((set) => `(${list(set)})`).join(', ')})`
  if (node.mode === 'all') return ' GROUP BY ALL'
  return node.mode === 'plain' ? ` GROUP BY ${list(node.exprs)}` : ` GROUP BY ${node.mode.toUpperCase()}(${list(node.exprs)})`
}

function query(node: S.Query): string {
  if (node.kind === 'set') {
    const arm = (part: S.Query) => (part.kind === 'set' ? `(${query(part)})` : query(part))
    return [arm(node.first), ...node.rest.map((part) => `${part.operator} ${arm(part.query)}`)].join(' ') + tail(node)
  }
  const ctes = node.ctes.map((cte) =>
    cte.expr.kind === 'query'
      ? `${hogqlIdentifier(cte.name)} AS (${query(cte.expr.query)})`
      : `${expr(cte.expr.expr)} AS ${hogqlIdentifier(cte.name)}`,
  )
  const by = node.limitBy
  return [
    ctes.length ? `WITH ${ctes.join(', ')} ` : '',
    `SELECT ${node.distinct ? 'DISTINCT ' : ''}${list(node.items)}`,
    node.from ? from(node.from) : '',
    node.arrayJoin ? ` ${node.arrayJoin.left ? 'LEFT ' : ''}ARRAY JOIN ${list(node.arrayJoin.items)}` : '',
    node.prewhere ? ` PREWHERE ${expr(node.prewhere)}` : '',
    node.where ? ` WHERE ${expr(node.where)}` : '',
    node.groupBy ? groupBy(node.groupBy) : '',
    node.having ? ` HAVING ${expr(node.having)}` : '',
    node.qualify ? ` QUALIFY ${expr(node.qualify)}` : '',
    node.windows.length
      ? ` WINDOW ${node.windows.map((item) => `${hogqlIdentifier(item.name)} AS (${window(item.window)})`).join(', ')}`
      : '',
    node.orderBy.length ? ` ORDER BY ${node.orderBy.map(orderBy).join(', ')}` : '',
    by ? ` LIMIT ${expr(by.limit)}${by.offset ? ` OFFSET ${expr(by.offset)}` : ''} BY ${list(by.by)}` : '',
    tail({ ...node, orderBy: [] }),
    node.withTies ? ' WITH TIES' : '',
  ].join('')
}

function tail(node: Pick<S.SetQuery, 'orderBy' | 'limit' | 'offset'>): string {
  const order = node.orderBy.length ? ` ORDER BY ${node.orderBy.map(orderBy).join(', ')}` : ''
  return `${order}${node.limit ? ` LIMIT ${expr(node.limit)}` : ''}${node.offset ? ` OFFSET ${expr(node.offset)}` : ''}`
}
