import { eventStoreTables } from '@hedgerow/stores'
import { personWrites } from '../batch/application-writes.ts'
import { changedRows, personLine } from '../batch/event-store-rows.ts'
import { GroupChanges } from '../groups/group-changes.ts'
import { PersonChanges } from '../identity/person-changes.ts'
import { personIdOf } from '../identity/person-id.ts'
import type { DistinctIdState, PersonState } from '../identity/person-state.ts'
import { type CommandPlan, refusedPlan } from './command-plan.ts'
import { forgetPerson, type PersonTarget } from './stored-person.ts'

/**
 * Each distinct id gets a person of its own, the one that is made from it; its events follow through overrides.
 * The main id keeps the properties and stays identified; without one, nobody does.
 */
export function planSplit({ command, bounds, state, person, distinctIds }: PersonTarget<'split-person'>): CommandPlan {
  const { projectId, mainDistinctId } = command
  if (mainDistinctId !== undefined && !distinctIds.includes(mainDistinctId)) {
    return refusedPlan({
      status: 'invalid',
      detail: `"${mainDistinctId}" is not a distinct id of person ${person.id}; it has ${distinctIds.slice(0, 10).join(', ')}.`,
    })
  }
  if (distinctIds.length < 2)
    return refusedPlan({ status: 'invalid', detail: `Person ${person.id} has one distinct id; there is nothing to split.` })
  const changes = new PersonChanges(bounds.number)
  const created = distinctIds.map((distinctId) => {
    const isMain = distinctId === mainDistinctId
    const properties = isMain ? person.properties : {}
    const state: PersonState = {
      projectId,
      id: personIdOf(projectId, distinctId),
      properties,
      json: JSON.stringify(properties),
      isIdentified: isMain && person.is_identified,
      createdAtMs: person.created_at.getTime(),
      lastSeenAtMs: (person.last_seen_at ?? person.created_at).getTime(),
      distinctIds: [distinctId],
      mergedInto: undefined,
      isNew: true,
      changedIn: bounds.number,
    }
    const idState: DistinctIdState = { projectId, distinctId, person: state, changedIn: bounds.number }
    changes.changePerson(state)
    changes.moveDistinctId(idState, { needsOverride: true })
    changes.merges.push({
      projectId,
      person: state,
      kind: 'split',
      distinctId,
      otherPersonId: person.id,
      eventUuid: undefined,
      eventName: undefined,
      occurredAtMs: Math.floor(bounds.insertedAtMicros / 1_000),
    })
    return state
  })
  const version = bounds.insertedAtMicros
  const tables = changedRows(changes, new GroupChanges(bounds.number), version)
  const writes = personWrites(changes, version)
  if (!created.some((one) => one.id === person.id)) {
    const gone = { projectId, id: person.id, createdAtMs: person.created_at.getTime(), json: '{}', isIdentified: false }
    tables.push({ table: `${eventStoreTables.persons}`, lines: [personLine(gone, version, true)] })
    writes.push({ sql: 'DELETE FROM persons WHERE project_id = $1 AND id = $2', values: [projectId, person.id], mustChange: 1 })
  }
  return {
    deletions: [],
    tables,
    writes,
    outcome: { status: 'done', personIds: created.map((one) => one.id), distinctIds: distinctIds.length },
    forget: () => forgetPerson(state, projectId, person.id, distinctIds),
  }
}
