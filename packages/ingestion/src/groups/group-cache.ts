import type { Properties } from '../identity/person-updates.ts'

export interface GroupState {
  readonly projectId: number
  readonly typeIndex: number
  readonly key: string
  properties: Properties
  json: string
  createdAtMs: number
  /** Number of the last batch that changed it; such a group is kept until that batch is committed. */
  changedIn: number
}

export function groupKeyOf(projectId: number, typeIndex: number, key: string): string {
  return `${projectId}:${typeIndex}:${key}`
}

/** Groups between batches, in two generations, and every project's group types. */
export class GroupCache {
  /** Type name → index, of the projects asked for so far. */
  readonly types = new Map<number, Map<string, number>>()
  private young = new Map<string, GroupState>()
  private old = new Map<string, GroupState>()
  private readonly maxCount: number

  constructor(maxCount: number) {
    this.maxCount = maxCount
  }

  get(key: string): GroupState | undefined {
    const group = this.young.get(key) ?? this.old.get(key)
    if (group) this.young.set(key, group)
    return group
  }

  keep(group: GroupState): void {
    this.young.set(groupKeyOf(group.projectId, group.typeIndex, group.key), group)
  }

  forget(key: string): void {
    this.young.delete(key)
    this.old.delete(key)
  }

  /** To be called between batches only. */
  age(committedBatch: number): void {
    if (this.young.size < this.maxCount / 2) return
    const dropped = this.old
    this.old = this.young
    this.young = new Map()
    for (const [key, group] of dropped) if (group.changedIn > committedBatch && !this.old.has(key)) this.young.set(key, group)
  }
}
