import type { ValueType } from '../catalog/value-type.ts'
import type { AliasName, SourceName } from '../tree/resolved.ts'
import type { Cte } from '../tree/syntax.ts'
import type { TableInstance } from './table-instance.ts'

export interface Column {
  name: string
  type: ValueType
  alias: AliasName
}

export type ScopeSource =
  | { kind: 'table'; name: string; table: TableInstance }
  | { kind: 'columns'; name: string; source: SourceName; columns: Column[]; optional: boolean }

/** What names mean inside one SELECT. */
export interface Scope {
  /** Common table expressions that can be seen, innermost last; each with the scope that it was written in. */
  ctes: Map<string, { cte: Cte; scope: Scope }>
  sources: ScopeSource[]
  aliases: Map<string, { alias: AliasName; type: ValueType }>
  /** Parameters of the lambdas around. */
  parameters: Map<string, { name: AliasName; type: ValueType }>
  windows: Set<string>
  /** Columns joined by USING are one. */
  usingColumns: Set<string>
  /** Names of common table expressions being resolved, to stop at one that uses itself. */
  open: Set<string>
}

export function innerScope(outer: Scope | undefined): Scope {
  return {
    ctes: new Map(outer?.ctes),
    sources: [],
    aliases: new Map(),
    parameters: new Map(),
    windows: new Set(),
    usingColumns: new Set(),
    open: outer?.open ?? new Set(),
  }
}
