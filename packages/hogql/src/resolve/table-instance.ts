import type { LazyJoin, TableDefinition } from '../catalog/tables.ts'
import { tables } from '../catalog/tables.ts'
import type { SourceName } from '../tree/resolved.ts'

/** One use of a table in a FROM or by a lazy join: `events AS a` and `events AS b` are two. */
export class TableInstance {
  readonly definition: TableDefinition
  readonly name: SourceName
  readonly groupTypeIndex?: number
  readonly sample?: number
  /** Joined from the outer side: its columns may be null. */
  optional = false
  /** Tables reached from this one, in the order of first use. */
  readonly lazy = new Map<string, { join: LazyJoin; target: TableInstance }>()

  constructor(
    definition: TableDefinition,
    name: SourceName,
    traits: { groupTypeIndex?: number; sample?: number; optional?: boolean } = {},
  ) {
    this.definition = definition
    this.name = name
    if (traits.groupTypeIndex !== undefined) this.groupTypeIndex = traits.groupTypeIndex
    if (traits.sample !== undefined) this.sample = traits.sample
    if (traits.optional) this.optional = true
  }

  /** The instance that a lazy join leads to; the same for each use. */
  follow(name: string, join: LazyJoin): TableInstance {
    const known = this.lazy.get(name)
    if (known) return known.target
    const target = new TableInstance(
      tables[join.table],
      { wanted: `${this.name.wanted}__${name}` },
      { optional: true, ...(join.groupTypeIndex === undefined ? {} : { groupTypeIndex: join.groupTypeIndex }) },
    )
    this.lazy.set(name, { join, target })
    return target
  }
}
