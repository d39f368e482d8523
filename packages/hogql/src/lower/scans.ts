import type { CompileContext } from '../context.ts'
import type { TableInstance } from '../resolve/table-instance.ts'
import type { Expr, From, OpenNodes, Query, Scan, Source } from '../tree/resolved.ts'
import { prefilterOf } from './prefilter.ts'
import { guardProject } from './project-guard.ts'
import { jsonText, typedProperty } from './properties.ts'
import { type Inner, type Pass, rewriteQuery, rewriteSource } from './rewrite.ts'
import { type Storage, storageOf } from './storage.ts'

type Before = 'tableColumn' | 'property' | 'table'

/**
 * Isolation, and the last pass: every table becomes a scan of the engine's table that carries the guard of the one project of this query and
 * reads just the columns and properties that are used. After it, no way to name a table is left in the tree.
 */
export function lowerTables(query: Query<Before>, context: CompileContext): Query {
  const scans = new Map<TableInstance, Scan>()
  const storages = new Map<TableInstance, Storage>()

  // Asked for with every column: what a table's columns are is worked out once.
  function stored(table: TableInstance): Storage {
    const known = storages.get(table)
    if (known) return known
    const made = storageOf(table, context)
    storages.set(table, made)
    return made
  }

  function scanOf(table: TableInstance): Scan {
    const known = scans.get(table)
    if (known) return known
    const made = stored(table).scan(guardProject(context.projectId))
    scans.set(table, made)
    return made
  }

  function read(table: TableInstance, as: string, make: () => Expr, type: Expr['type']): Expr {
    const scan = scanOf(table)
    if (!scan.reads.some((each) => each.as === as)) scan.reads.push({ as, expr: make() })
    return { kind: 'column', source: table.name, name: as, type }
  }

  function column(node: OpenNodes<Before>['tableColumn']): Expr {
    const { table, column: name, raw = false } = node
    const storage = stored(table)
    // Only a scan that reads the person through overrides has to join them.
    if (storage.needsOverrides(name)) storage.joinOverrides(scanOf(table))
    return read(table, raw ? `${name} raw` : name, () => storage.column(name, raw), node.type)
  }

  function property(node: OpenNodes<Before>['property'], inner: Inner<Before, never>): Expr {
    const { of, path, type } = node
    if ('expr' in of) return jsonText(inner(of.expr), path)
    const as = `${of.column}.${path.map((link) => (typeof link === 'number' ? `[${link}]` : link.replaceAll('\\', '\\\\').replaceAll('.', '\\.'))).join('.')}`
    const typed = `${as} as ${type.name}`
    const known = type.name === 'string' ? as : typed
    return read(of.table, known, () => typedProperty(stored(of.table).property(of.column, path), type, context), type)
  }

  function source(given: Source<Before>, inner: Inner<Before, never>): Source {
    if (given.kind !== 'table') return rewriteSource(given, inner, pass)
    return { kind: 'scanned', name: given.name, scan: scanOf(given.table) }
  }

  const pass: Pass<Before, never> = {
    kinds: ['tableColumn', 'property'],
    select: (select) => {
      const prefilter = prefilterOf(select)
      if (!prefilter) return select
      scanOf(prefilter.table).prewhere.push(...prefilter.conditions)
      const { where: _, ...others } = select
      return prefilter.left ? { ...others, where: prefilter.left } : others
    },
    expr: (node, inner) => {
      switch (node.kind) {
        case 'tableColumn':
          return column(node)
        case 'property':
          return property(node, inner)
      }
    },
    from: (from: From<Before>, inner) => ({
      first: source(from.first, inner),
      joins: from.joins.map(({ join, source: joined, on }) => ({
        join,
        source: source(joined, inner),
        ...(on ? { on: inner(on, 'pairing') } : {}),
      })),
    }),
  }
  return rewriteQuery(query, pass)
}
