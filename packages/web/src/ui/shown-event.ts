import type { EventBody, LiveEventBody } from '@hedgerow/protocol'

/** What is shown of an event, wherever it came from. */
export interface ShownEvent {
  id: string
  event: string
  distinctId: string
  personId: string | undefined
  timestamp: string
  /** When the server received it and when it could be queried, where known. */
  receivedAt?: string
  queryableAt?: string
  properties: Record<string, unknown>
  personProperties?: Record<string, unknown> | undefined
}

export function fromLive(body: LiveEventBody): ShownEvent {
  return {
    id: body.uuid,
    event: body.event,
    distinctId: body.distinct_id,
    personId: body.person_id,
    timestamp: body.timestamp,
    receivedAt: body.created_at,
    queryableAt: body.inserted_at,
    properties: body.properties,
  }
}

export function fromStored(body: EventBody): ShownEvent {
  return {
    id: body.id,
    event: body.event,
    distinctId: body.distinct_id,
    personId: body.person?.id,
    timestamp: body.timestamp,
    properties: body.properties,
    personProperties: body.person?.properties,
  }
}
