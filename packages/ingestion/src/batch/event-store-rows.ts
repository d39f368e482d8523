import { eventStoreTables } from '@hedgerow/stores'
import type { GroupChanges } from '../groups/group-changes.ts'
import type { PersonChanges } from '../identity/person-changes.ts'
import { type DistinctIdState, personOf } from '../identity/person-state.ts'
import { instantText, microsText } from './instants.ts'

/** Rows of one table of the event store, one JSON object each. */
export interface TableRows {
  table: string
  lines: string[]
}

/** A person as it stands after the batch, or the mark of one that is gone. */
export function personLine(
  person: { projectId: number; id: string; createdAtMs: number; json: string; isIdentified: boolean },
  version: number,
  isDeleted: boolean,
): string {
  return `{"project_id":${person.projectId},"id":"${person.id}","created_at":"${instantText(person.createdAtMs)}","properties":${isDeleted ? '{}' : person.json},"is_identified":${person.isIdentified ? 1 : 0},"is_deleted":${isDeleted ? 1 : 0},"version":${version}}`
}

/** A row of `person_distinct_ids` or of the overrides. */
export function distinctIdLine(projectId: number, distinctId: string, personId: string, version: number, isDeleted = false): string {
  return `{"project_id":${projectId},"distinct_id":${JSON.stringify(distinctId)},"person_id":"${personId}","is_deleted":${isDeleted ? 1 : 0},"version":${version}}`
}

/** Everything of a batch but its events, as it stands at its end. To be called before a later batch changes it again. */
export function changedRows(persons: PersonChanges, groups: GroupChanges, version: number): TableRows[] {
  const personLines: string[] = []
  for (const person of persons.persons) {
    const isGone = person.mergedInto !== undefined
    if (!(isGone && person.isNew)) personLines.push(personLine(person, version, isGone))
  }
  const linesOf = (states: Iterable<DistinctIdState>): string[] => {
    const lines: string[] = []
    for (const state of states) {
      const person = personOf(state)
      if (person) lines.push(distinctIdLine(state.projectId, state.distinctId, person.id, version))
    }
    return lines
  }
  const groupLines = [...groups.groups].map(
    (group) =>
      `{"project_id":${group.projectId},"group_type_index":${group.typeIndex},"group_key":${JSON.stringify(group.key)},"created_at":"${instantText(group.createdAtMs)}","updated_at":"${microsText(version)}","properties":${group.json},"is_deleted":0,"version":${version}}`,
  )
  return [
    { table: eventStoreTables.persons, lines: personLines },
    { table: eventStoreTables.personDistinctIds, lines: linesOf(persons.distinctIds.values()) },
    { table: eventStoreTables.personDistinctIdOverrides, lines: linesOf(persons.overrides.values()) },
    { table: eventStoreTables.groups, lines: groupLines },
  ].filter(({ lines }) => lines.length > 0)
}
