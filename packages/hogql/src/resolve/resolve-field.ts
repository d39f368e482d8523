import { tableNames } from '../catalog/tables.ts'
import * as t from '../catalog/value-type.ts'
import { HogqlError, type Span } from '../errors.ts'
import { nearMiss } from '../near-miss.ts'
import { type OpenExpr, placed, type Resolver } from './resolver.ts'
import type { Column, Scope, ScopeSource } from './scope.ts'
import type { TableInstance } from './table-instance.ts'

/** A number is `[n]` of an array, `element` is `.n` of a tuple; in JSON both count the items of an array. */
export type Link = string | number | { element: number }
type Path = Link[]

/** `a.b.c`, with whatever path follows it, as a column, a property or a reference to an alias. */
export function resolveField(resolver: Resolver, chain: string[], path: Path, scope: Scope, span?: Span): OpenExpr {
  const head = chain[0] ?? ''
  const beyond = chain.length > 1 ? [...chain.slice(1), ...path] : path
  const parameter = scope.parameters.get(head)
  if (parameter) return follow(placed({ kind: 'parameter', name: parameter.name, type: parameter.type }, span), beyond, span)

  const source = chain.length > 1 ? scope.sources.find((candidate) => candidate.name === head) : undefined
  if (source) return fromSource(resolver, source, chain.slice(1), path, span)

  const alias = scope.aliases.get(head)
  if (alias) return follow(placed({ kind: 'aliasRef', alias: alias.alias, type: alias.type }, span), beyond, span)

  const cte = scope.ctes.get(head)
  if (cte?.cte.expr.kind === 'column') return columnCte(resolver, head, scope, beyond, span)

  const owners = scope.sources.filter((candidate) => owns(resolver, candidate, chain))
  if (owners.length > 1 && !scope.usingColumns.has(head)) {
    throw new HogqlError(
      'ambiguous_column',
      `"${head}" is a column of ${owners.map((owner) => `"${owner.name}"`).join(' and ')}; write ${owners[0]?.name}.${head}`,
      span,
    )
  }
  const [owner] = owners
  if (owner) return fromSource(resolver, owner, chain, path, span)
  if (chain.length === 1 && momentNames.includes(head.toLowerCase()))
    return follow(resolver.expr({ kind: 'call', name: head.toLowerCase(), args: [], ...at(span) }, scope), path, span)
  throw unknownColumn(resolver, chain, scope, span)
}

/** What SQL writes without parentheses. */
const momentNames = ['current_date', 'current_timestamp']

/** A value further down: elements of tuples and arrays by number, JSON by name. */
export function follow(expr: OpenExpr, path: Path, span?: Span): OpenExpr {
  if (path.length === 0) return expr
  if (expr.type.name !== 'map') checkIndexes(path, span)
  const jsonLike = expr.type.name === 'json' || expr.type.name === 'string' || expr.type.name === 'unknown'
  if (expr.kind === 'property') return { ...expr, path: [...expr.path, ...path.map(jsonLink)], type: t.nullable(t.string), ...at(span) }
  if (jsonLike && path.some((link) => typeof link === 'string'))
    return { kind: 'property', of: { expr }, path: path.map(jsonLink), type: t.nullable(t.string), ...at(span) }
  const [first, ...rest] = path
  if (first !== undefined && expr.type.name === 'map') return follow({ ...valueInMap(expr, first), ...at(span) }, rest, span)
  if (typeof first === 'string')
    throw new HogqlError('unknown_column', `"${first}" cannot be read from a value of type ${expr.type.name}`, span)
  const element = typeof first === 'object' ? elementOfTuple(expr, first.element) : elementOfArray(expr, Number(first))
  return follow({ ...element, ...at(span) }, rest, span)
}

const jsonLink = (link: Link): string | number => (typeof link === 'object' ? link.element : link)
const position = (n: number): OpenExpr => ({ kind: 'value', value: n, bound: 'Int64', type: t.integer })

/** Of an array of tuples: the array of that element of each. */
function elementOfTuple(expr: OpenExpr, n: number): OpenExpr {
  const type = expr.type.name === 'tuple' ? (expr.type.items[n - 1] ?? t.unknown) : t.unknown
  return { kind: 'call', name: 'tupleElement', args: [expr, position(n)], type }
}

function valueInMap(expr: OpenExpr, link: Link): OpenExpr {
  const key = jsonLink(link)
  const value: OpenExpr = typeof key === 'string' ? { kind: 'value', value: key, bound: 'String', type: t.string } : position(key)
  return { kind: 'call', name: 'arrayElement', args: [expr, value], type: t.unknown }
}

function elementOfArray(expr: OpenExpr, n: number): OpenExpr {
  return { kind: 'call', name: 'arrayElement', args: [expr, position(n)], type: expr.type.name === 'array' ? expr.type.item : t.unknown }
}

/** Joined tables by their name in the query: `group_0`, `person`, or the name of a group type. */
function lazyJoin(resolver: Resolver, table: TableInstance, name: string): TableInstance | undefined {
  const index = Object.hasOwn(resolver.context.groupTypes, name) ? resolver.context.groupTypes[name] : undefined
  const joinName = own(table.definition.joins, name) ? name : index === undefined ? name : `group_${index}`
  const join = own(table.definition.joins, joinName)
  return join && table.follow(joinName, join)
}

/** The column, with the other names that tables give some of theirs. */
function columnName(table: TableInstance, name: string): string | undefined {
  if (own(table.definition.columns, name)) return name
  return own(table.definition.aliases ?? {}, name)
}

export function tableColumn(table: TableInstance, column: string, span?: Span): OpenExpr {
  const definition = table.definition.columns[column]
  const type = definition?.type ?? t.unknown
  return placed({ kind: 'tableColumn', table, column, type: table.optional ? t.nullable(type) : type }, span)
}

export function derivedColumn(source: Extract<ScopeSource, { kind: 'columns' }>, column: Column, span?: Span): OpenExpr {
  const type = source.optional ? t.nullable(column.type) : column.type
  return placed({ kind: 'column', source: source.source, name: column.alias, type }, span)
}

function fromSource(resolver: Resolver, source: ScopeSource, chain: string[], path: Path, span?: Span): OpenExpr {
  const [head = ''] = chain
  if (source.kind === 'table') return fromTable(resolver, source.table, chain, path, span)
  const column = source.columns.find((candidate) => candidate.name === head)
  if (!column)
    throw new HogqlError(
      'unknown_column',
      `Unknown column "${head}" in "${source.name}".${nearMiss(
        head,
        source.columns.map((c) => c.name),
      )}`,
      span,
    )
  return follow(derivedColumn(source, column, span), chain.length > 1 ? [...chain.slice(1), ...path] : path, span)
}

function fromTable(resolver: Resolver, table: TableInstance, given: string[], path: Path, span?: Span): OpenExpr {
  const chain = storedPerson(resolver, table, given)
  const [head = '', second, ...others] = chain
  const dotted = second === undefined ? undefined : columnName(table, `${head}.${second}`)
  const name = dotted ?? columnName(table, head)
  if (name !== undefined) {
    const rest: Path = [...(dotted || second === undefined ? [] : [second]), ...others, ...path]
    return columnOrProperty(resolver, table, name, rest, span)
  }
  const joined = lazyJoin(resolver, table, head)
  if (!joined) {
    refuseGroupsOnEvents(head, span)
    const names = [...Object.keys(table.definition.columns), ...Object.keys(table.definition.joins)]
    throw new HogqlError('unknown_column', `Unknown column "${head}" in "${table.definition.name}".${nearMiss(head, names)}`, span)
  }
  if (second === undefined) {
    const examples = Object.keys(joined.definition.columns)
      .slice(0, 3)
      .map((column) => `${head}.${column}`)
    throw new HogqlError(
      'unknown_column',
      `"${head}" is a joined table, not a column; select one of its columns, e.g. ${examples.join(', ')}`,
      span,
    )
  }
  return fromTable(resolver, joined, [second, ...others], path, span)
}

/** `person.…` of an event as `poe.…`, where the query asks for persons as they were. */
function storedPerson({ context }: Resolver, table: TableInstance, chain: string[]): string[] {
  const [head, second = ''] = chain
  const isStored =
    context.personOfEvent === 'as stored' && head === 'person' && own(table.definition.columns, `poe.${second}`) !== undefined
  return isStored ? ['poe', ...chain.slice(1)] : chain
}

function columnOrProperty(resolver: Resolver, table: TableInstance, column: string, path: Path, span?: Span): OpenExpr {
  const definition = table.definition.columns[column]
  if (path.length === 0) return tableColumn(table, column, span)
  if (!definition?.properties) return follow(tableColumn(table, column, span), path, span)
  checkIndexes(path, span)
  const [name] = path
  const type = path.length === 1 ? resolver.context.propertyType(definition.properties, String(name), table.groupTypeIndex) : undefined
  return { kind: 'property', of: { table, column }, path: path.map(jsonLink), type: propertyValueType(type), ...at(span) }
}

function propertyValueType(type: string | undefined): t.ValueType {
  if (type === 'Numeric') return t.nullable(t.float)
  if (type === 'Boolean') return t.nullable(t.boolean)
  if (type === 'DateTime') return t.nullable(t.datetime)
  return t.nullable(t.string)
}

function columnCte(resolver: Resolver, name: string, scope: Scope, path: Path, span?: Span): OpenExpr {
  const known = scope.ctes.get(name)
  if (known?.cte.expr.kind !== 'column') throw new HogqlError('unknown_column', `Unknown column "${name}".`, span)
  if (scope.open.has(name)) throw new HogqlError('unsupported', `"${name}" uses itself`, span)
  scope.open.add(name)
  try {
    const ctes = new Map(scope.ctes)
    ctes.delete(name)
    return follow(resolver.expr(known.cte.expr.expr, { ...scope, ctes }), path, span)
  } finally {
    scope.open.delete(name)
  }
}

function owns(resolver: Resolver, source: ScopeSource, chain: string[]): boolean {
  const [head = '', second] = chain
  if (source.kind === 'columns') return source.columns.some((column) => column.name === head)
  const { table } = source
  if (columnName(table, head) !== undefined) return true
  if (second === undefined) return own(table.definition.joins, head) !== undefined || isGroupType(resolver, table, head)
  return (
    columnName(table, `${head}.${second}`) !== undefined ||
    own(table.definition.joins, head) !== undefined ||
    isGroupType(resolver, table, head)
  )
}

function isGroupType(resolver: Resolver, table: TableInstance, name: string): boolean {
  const index = Object.hasOwn(resolver.context.groupTypes, name) ? resolver.context.groupTypes[name] : undefined
  return index !== undefined && own(table.definition.joins, `group_${index}`) !== undefined
}

function unknownColumn(resolver: Resolver, chain: string[], scope: Scope, span?: Span): HogqlError {
  const [head = ''] = chain
  refuseGroupsOnEvents(head, span)
  const names = [
    ...scope.aliases.keys(),
    ...scope.sources.flatMap((source) =>
      source.kind === 'table'
        ? [...Object.keys(source.table.definition.columns), ...Object.keys(source.table.definition.joins)]
        : source.columns.map((c) => c.name),
    ),
    ...scope.sources.map((source) => source.name),
    ...Object.keys(resolver.context.groupTypes),
  ]
  if (scope.sources.length === 0) return new HogqlError('unknown_column', `Unknown column "${head}": the query reads from no table.`, span)
  const hint = nearMiss(head, names)
  const table = tableNames.includes(head) && chain.length > 1 ? ` The table "${head}" is not in FROM.` : ''
  return new HogqlError('unknown_column', `Unknown column "${head}".${hint || table}`, span)
}

/** PostHog's groups as they were when the event came. */
function refuseGroupsOnEvents(head: string, span?: Span): void {
  if (!/^goe_[0-4]$/.test(head)) return
  const now = `${head.replace('goe', 'group')}.properties has those of now`
  throw new HogqlError('unsupported', `"${head}" is not there: properties of groups are not stored with events; ${now}`, span)
}

function checkIndexes(path: Path, span?: Span): void {
  if (path.map(jsonLink).includes(0)) throw new HogqlError('invalid_value', 'Arrays start at index 1; index 0 does not exist', span)
}

function own<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

const at = (span: Span | undefined) => (span ? { span } : {})
