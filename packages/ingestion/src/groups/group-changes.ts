import type { GroupState } from './group-cache.ts'

/** What a batch changed about groups. */
export class GroupChanges {
  readonly batch: number
  readonly groups = new Set<GroupState>()
  readonly newTypes: { projectId: number; typeIndex: number; type: string; createdAtMs: number }[] = []

  constructor(batch: number) {
    this.batch = batch
  }

  change(group: GroupState): void {
    group.changedIn = this.batch
    this.groups.add(group)
  }
}
