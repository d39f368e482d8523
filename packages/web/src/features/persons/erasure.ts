import type { CommandBody, PersonBody } from '@hedgerow/protocol'

/** What is known of a deletion when it is asked for. */
export interface Erasure {
  project: { id: number; name: string }
  person: Pick<PersonBody, 'id' | 'distinct_ids' | 'properties'>
  /** As many as there were; undefined where events stay. */
  events: number | undefined
  askedBy: string
  askedAt: string
  command: CommandBody
}

/**
 * The receipt of a deletion, to be kept: what was there, who asked for it when, and what a question finds since.
 * It names ids, without which it would say nothing, but no value of a property.
 */
export function erasureReceipt(erasure: Erasure, check: { events: number; at: string } | undefined) {
  const { project, person, events, askedBy, askedAt, command } = erasure
  return {
    kind: 'erasure',
    project,
    person_id: person.id,
    distinct_ids: person.distinct_ids,
    properties_removed: Object.keys(person.properties).length,
    events: events === undefined ? 'kept' : { found_before: events, deleted: true },
    asked_by: askedBy,
    asked_at: askedAt,
    command_id: command.command_id,
    status: command.status,
    outcome: command.outcome,
    checked: check ? { at: check.at, events_found: check.events } : null,
  }
}
