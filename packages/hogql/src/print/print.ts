import { assertGuarded } from '../lower/project-guard.ts'
import type { BoundType, Expr, From, OrderBy, Query, Scan, Select, Source, Window } from '../tree/resolved.ts'
import { nameAll } from './names.ts'

export interface PrintedQuery {
  sql: string
  /** Values of the `{name: Type}` placeholders. */
  params: Record<string, unknown>
}

/** Spells a query in which nothing is left to decide. Every value is a bound parameter. */
export function print(query: Query, projectId: number): PrintedQuery {
  const printer = createPrinter(query, projectId)
  return { sql: printer.query(query), params: printer.params }
}

/** Backquoted; inside, the engine knows backslash escapes. */
function quotedName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('\0', '\\0').replaceAll('\n', '\\n')}\``
}

/** A path below a JSON column: dots of a name are stored as %2E. */
function jsonPath(path: string[], object: boolean): string {
  const [first = '', ...rest] = path.map((link) => quotedName(link.replaceAll('.', '%2E')))
  return `${object ? '^' : ''}${[first, ...rest].join('.')}`
}

function createPrinter(whole: Query, projectId: number) {
  const names = nameAll(whole)
  const params: Record<string, unknown> = {}
  const bound = new Map<string, string>()
  const quoted = new Map<string, string>()

  // The same few names stand all over a query.
  function quote(name: string): string {
    const known = quoted.get(name)
    if (known !== undefined) return known
    const text = quotedName(name)
    quoted.set(name, text)
    return text
  }

  function bind(value: string | number | boolean | bigint, type: BoundType): string {
    const key = `${type} ${typeof value} ${value}`
    const known = bound.get(key)
    if (known) return known
    const name = `p${bound.size + 1}`
    params[name] = value
    const placeholder = `{${name}: ${type}}`
    bound.set(key, placeholder)
    return placeholder
  }

  function nameOf(name: { wanted: string }): string {
    const given = names.get(name)
    if (given === undefined) throw new Error(`hogql: "${name.wanted}" was not given a name`)
    return quote(given)
  }

  function list(exprs: Expr[]): string {
    let text = ''
    for (const each of exprs) text += text === '' ? expr(each) : `, ${expr(each)}`
    return text
  }

  function expr(node: Expr): string {
    switch (node.kind) {
      case 'value':
        return bind(node.value, node.bound)
      case 'null':
        return 'NULL'
      case 'call':
        return call(node)
      case 'cast':
        return `CAST(${expr(node.expr)}, ${bind(node.to, 'String')})`
      case 'lambda':
        return `(${node.params.map(nameOf).join(', ')}) -> ${expr(node.body)}`
      case 'parameter':
      case 'aliasRef':
        return nameOf(node.kind === 'parameter' ? node.name : node.alias)
      case 'column':
        return `${nameOf(node.source)}.${typeof node.name === 'string' ? quote(node.name) : names.has(node.name) ? nameOf(node.name) : quote(node.name.wanted)}`
      case 'aliased':
        return `(${expr(node.expr)} AS ${nameOf(node.alias)})`
      case 'subquery':
        return `(${query(node.query)})`
      case 'stored':
        return `stored.${quote(node.column)}${node.json ? `.${jsonPath(node.json.path, node.json.object === true)}` : ''}`
      case 'joined':
        return `${quote(node.join)}.${quote(node.name)}`
    }
  }

  function call(node: Extract<Expr, { kind: 'call' }>): string {
    const given = node.params?.length ? `(${list(node.params)})` : ''
    const filter = node.filter ? ` FILTER (WHERE ${expr(node.filter)})` : ''
    const over = node.over ? ` OVER ${'name' in node.over ? quote(node.over.name) : `(${window(node.over)})`}` : ''
    return `${node.name}${given}(${node.distinct ? 'DISTINCT ' : ''}${list(node.args)})${filter}${over}`
  }

  function window(node: Window): string {
    const edge = ({ kind, rows }: { kind: string; rows?: number }) =>
      kind === 'CURRENT ROW' ? kind : `${rows === undefined ? 'UNBOUNDED' : Math.trunc(rows)} ${kind}`
    const { frame } = node
    return [
      node.partitionBy.length ? `PARTITION BY ${list(node.partitionBy)}` : '',
      node.orderBy.length ? `ORDER BY ${node.orderBy.map(orderBy).join(', ')}` : '',
      frame ? (frame.to ? `${frame.unit} BETWEEN ${edge(frame.from)} AND ${edge(frame.to)}` : `${frame.unit} ${edge(frame.from)}`) : '',
    ]
      .filter(Boolean)
      .join(' ')
  }

  function orderBy(node: OrderBy): string {
    const { from, to, step } = node.fill ?? {}
    const fill = node.fill
      ? ` WITH FILL${from ? ` FROM ${expr(from)}` : ''}${to ? ` TO ${expr(to)}` : ''}${step ? ` STEP ${expr(step)}` : ''}`
      : ''
    return `${expr(node.expr)} ${node.descending ? 'DESC' : 'ASC'}${node.nulls ? ` NULLS ${node.nulls.toUpperCase()}` : ''}${fill}`
  }

  function scan(node: Scan): string {
    assertGuarded(node.guard, projectId)
    const guard = `equals(stored.project_id, ${bind(node.guard.projectId, 'UInt32')})`
    const reads = node.reads.map(({ as, expr: read }) => `${expr(read)} AS ${quote(as)}`)
    const joins = node.joins.map(({ join, scan: joined, on }) => {
      const pairs = on.map((pair) => `equals(stored.${quote(pair.stored)}, ${quote(join)}.${quote(pair.joined)})`)
      return ` LEFT ANY JOIN ${scan(joined)} AS ${quote(join)} ON ${pairs.join(' AND ')}`
    })
    const sample =
      node.sample === undefined
        ? []
        : [`less(modulo(cityHash64(stored.distinct_id), 1000000), ${bind(Math.round(node.sample * 1_000_000), 'UInt64')})`]
    const conditions = [...node.where.map(expr), ...sample]
    const where = conditions.length ? ` WHERE ${conditions.join(' AND ')}` : ''
    const groupBy = node.groupBy.length ? ` GROUP BY ${list(node.groupBy)}` : ''
    // why: PREWHERE, not WHERE. Rows of other projects are gone before anything that a user wrote is computed, so that not even an
    // error tells of them; among conditions of WHERE the engine chooses the order itself.
    return `(SELECT ${reads.length ? reads.join(', ') : '1 AS `none`'} FROM ${quote(node.table)} AS stored${node.final ? ' FINAL' : ''}${joins.join('')} PREWHERE ${[guard, ...node.prewhere.map(expr)].join(' AND ')}${where}${groupBy})`
  }

  function source(node: Source): string {
    switch (node.kind) {
      case 'derived':
        return `(${query(node.query)}) AS ${nameOf(node.name)}`
      case 'numbers':
        return `numbers(${list(node.args)}) AS ${nameOf(node.name)}`
      case 'scanned':
        return `${scan(node.scan)} AS ${nameOf(node.name)}`
    }
  }

  function from(node: From): string {
    const joins = node.joins.map(({ join, source: joined, on }) => ` ${join} ${source(joined)}${on ? ` ON ${expr(on)}` : ''}`)
    return ` FROM ${source(node.first)}${joins.join('')}`
  }

  function groupBy(node: NonNullable<Select['groupBy']>): string {
    if (node.mode === 'sets') return ` GROUP BY GROUPING SETS (${node.sets.map((set) => `(${list(set)})`).join(', ')})`
    if (node.mode === 'all') return ' GROUP BY ALL'
    return node.mode === 'plain' ? ` GROUP BY ${list(node.exprs)}` : ` GROUP BY ${node.mode.toUpperCase()}(${list(node.exprs)})`
  }

  function select(node: Select): string {
    const { limitBy } = node
    return [
      `SELECT ${node.distinct ? 'DISTINCT ' : ''}${node.items.map((item) => `${expr(item.expr)} AS ${nameOf(item.alias)}`).join(', ')}`,
      node.from ? from(node.from) : '',
      node.arrayJoin ? ` ${node.arrayJoin.left ? 'LEFT ' : ''}ARRAY JOIN ${node.arrayJoin.items.map(arrayJoinItem).join(', ')}` : '',
      node.where ? ` WHERE ${expr(node.where)}` : '',
      node.groupBy ? groupBy(node.groupBy) : '',
      node.having ? ` HAVING ${expr(node.having)}` : '',
      node.windows.length
        ? ` WINDOW ${node.windows.map(({ name, window: spec }) => `${quote(name)} AS (${window(spec)})`).join(', ')}`
        : '',
      node.qualify ? ` QUALIFY ${expr(node.qualify)}` : '',
      node.orderBy.length ? ` ORDER BY ${node.orderBy.map(orderBy).join(', ')}` : '',
      limitBy ? ` LIMIT ${expr(limitBy.limit)}${limitBy.offset ? ` OFFSET ${expr(limitBy.offset)}` : ''} BY ${list(limitBy.by)}` : '',
      node.limit ? ` LIMIT ${expr(node.limit)}` : '',
      node.offset ? ` OFFSET ${expr(node.offset)}` : '',
      node.withTies ? ' WITH TIES' : '',
    ].join('')
  }

  function arrayJoinItem(node: Expr): string {
    return node.kind === 'aliased' ? `${expr(node.expr)} AS ${nameOf(node.alias)}` : expr(node)
  }

  function query(node: Query): string {
    if (node.kind === 'select') return select(node)
    return [`(${query(node.first)})`, ...node.rest.map((part) => `${part.operator} (${query(part.query)})`)].join(' ')
  }

  return { query, params }
}
