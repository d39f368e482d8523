import { eventStoreTables } from '@hedgerow/stores'
import { personWrites } from '../batch/application-writes.ts'
import { changedRows, personLine } from '../batch/event-store-rows.ts'
import { GroupChanges } from '../groups/group-changes.ts'
import { PersonChanges } from '../identity/person-changes.ts'
import { personIdOf } from '../identity/person-id.ts'
import type { DistinctIdState, PersonState } from '../identity/person-state.ts'
import { type CommandPlan, refusedPlan } from './command-plan.ts'
import { forgetPerson, type PersonTarget } from './stored-person.ts'

/** Distinct ids that are one person after a split. */
interface Part {
  id: string
  distinctIds: string[]
  /** It goes on as the person that was split: with its properties, and identified if that was. */
  isHeir: boolean
  hasLeft: boolean
}

/**
 * Each distinct id gets a person of its own, the one that is made from it; its events follow through overrides.
 * The main id keeps the properties and stays identified; without one, nobody does. Where only some ids are to leave, the others stay
 * together and keep everything.
 */
export function planSplit({ command, bounds, state, person, distinctIds }: PersonTarget<'split-person'>): CommandPlan {
  const { projectId, mainDistinctId } = command
  const stranger = [...(mainDistinctId === undefined ? [] : [mainDistinctId]), ...(command.distinctIds ?? [])].find(
    (distinctId) => !distinctIds.includes(distinctId),
  )
  if (stranger !== undefined) {
    return refusedPlan({
      status: 'invalid',
      detail: `"${stranger}" is not a distinct id of person ${person.id}; it has ${distinctIds.slice(0, 10).join(', ')}.`,
    })
  }
  if (distinctIds.length < 2)
    return refusedPlan({ status: 'invalid', detail: `Person ${person.id} has one distinct id; there is nothing to split.` })
  const parts = partsOf(command, person.id, distinctIds)
  const changes = new PersonChanges(bounds.number)
  for (const part of parts) if (part.hasLeft || part.id !== person.id) changePart(part)
  const version = bounds.insertedAtMicros
  const tables = changedRows(changes, new GroupChanges(bounds.number), version)
  const writes = personWrites(changes, version)
  if (!parts.some((one) => one.id === person.id)) {
    const gone = { projectId, id: person.id, createdAtMs: person.created_at.getTime(), json: '{}', isIdentified: false }
    tables.push({ table: `${eventStoreTables.persons}`, lines: [personLine(gone, version, true)] })
    writes.push({ sql: 'DELETE FROM persons WHERE project_id = $1 AND id = $2', values: [projectId, person.id], mustChange: 1 })
  }
  return {
    deletions: [],
    tables,
    writes,
    outcome: { status: 'done', personIds: parts.map((one) => one.id), distinctIds: distinctIds.length },
    forget: () => forgetPerson(state, projectId, person.id, distinctIds),
  }

  function changePart({ id, distinctIds: ids, isHeir, hasLeft }: Part): void {
    const properties = isHeir ? person.properties : {}
    const after: PersonState = {
      projectId,
      id,
      properties,
      json: JSON.stringify(properties),
      snapshot: undefined,
      isIdentified: isHeir && person.is_identified,
      createdAtMs: person.created_at.getTime(),
      lastSeenAtMs: (person.last_seen_at ?? person.created_at).getTime(),
      distinctIds: ids,
      mergedInto: undefined,
      isNew: true,
      changedIn: bounds.number,
    }
    changes.changePerson(after)
    for (const distinctId of ids) {
      const idState: DistinctIdState = { projectId, distinctId, person: after, changedIn: bounds.number }
      changes.moveDistinctId(idState, { needsOverride: true })
      if (!hasLeft) continue
      changes.merges.push({
        projectId,
        person: after,
        kind: 'split',
        distinctId,
        otherPersonId: person.id,
        eventUuid: undefined,
        eventName: undefined,
        occurredAtMs: Math.floor(bounds.insertedAtMicros / 1_000),
      })
    }
  }
}

function partsOf(command: PersonTarget<'split-person'>['command'], personId: string, distinctIds: readonly string[]): Part[] {
  const { projectId, mainDistinctId } = command
  const leaving = command.distinctIds ?? distinctIds
  const leave = distinctIds.filter((distinctId) => leaving.includes(distinctId))
  const stay = distinctIds.filter((distinctId) => !leaving.includes(distinctId))
  const parts = leave.map(
    (distinctId): Part => ({
      id: personIdOf(projectId, distinctId),
      distinctIds: [distinctId],
      isHeir: distinctId === mainDistinctId,
      hasLeft: true,
    }),
  )
  const [first] = stay
  if (first === undefined) return parts
  // tricky: where the id that the person was made from leaves, it takes the person's id with it, and those who stay get another.
  const id = parts.some((part) => part.id === personId) ? personIdOf(projectId, first) : personId
  return [...parts, { id, distinctIds: stay, isHeir: true, hasLeft: false }]
}
