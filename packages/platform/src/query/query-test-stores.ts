import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApplicationStore, type EventRow, type EventStore, openStores, type Stores, type StoresConfig } from '@hedgerow/stores'

/** Embedded stores in a directory of their own, and short ways to put rows into them, for tests. */
export interface QueryStores {
  events: EventStore
  application: ApplicationStore
  insert(table: string, rows: object[]): Promise<void>
  addProject(id: number, values?: { timezone?: string; week_start_day?: number; settings?: object }): Promise<void>
  defineProperty(
    projectId: number,
    type: 'event' | 'person' | 'group',
    name: string,
    propertyType: 'String' | 'Numeric' | 'Boolean' | 'DateTime',
  ): Promise<void>
  close(): Promise<void>
}

/** Where the stores are that are not embedded. */
export type QueryStoresPlace = Pick<StoresConfig, 'clickhouseUrl' | 'clickhouseCluster' | 'clickhouseNodeUrls'>

export async function openQueryStores(place: QueryStoresPlace = {}): Promise<QueryStores> {
  const directory = await mkdtemp(join(tmpdir(), 'hedgerow-query-'))
  const stores: Stores = await openStores({ dataDir: directory, ...place })
  let inserted = 0
  return {
    events: stores.events,
    application: stores.application,
    async insert(table, rows) {
      inserted++
      await stores.events.insert(table, new TextEncoder().encode(rows.map((row) => `${JSON.stringify(row)}\n`).join('')), {
        token: `test ${inserted}`,
      })
    },
    async addProject(id, values = {}) {
      const { settings = {}, ...columns } = values
      await stores.application.db
        .insertInto('projects')
        .values({ id, name: `Project ${id}`, api_token: `phc_${id}`, settings: JSON.stringify(settings), ...columns })
        .execute()
    },
    async defineProperty(projectId, type, name, propertyType) {
      await stores.application.db
        .insertInto('property_definitions')
        .values({ project_id: projectId, type, name, property_type: propertyType, created_at: new Date() })
        .execute()
    },
    async close() {
      await stores.close()
      await rm(directory, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

let events = 0
export const engineInstant = (iso: string): string => iso.replace('T', ' ').replace('Z', '')

/** A row of events; the uuid is new unless given. */
export function eventRow(projectId: number, event: string, timestamp: string, rest: Partial<EventRow> = {}): EventRow {
  events++
  return {
    project_id: projectId,
    uuid: `00000000-0000-7000-8000-${String(events).padStart(12, '0')}`,
    event,
    timestamp: engineInstant(timestamp),
    distinct_id: 'someone',
    person_id: '99999999-9999-4999-8999-999999999999',
    person_mode: 'full',
    properties: {},
    person_snapshot: {},
    person_created_at: '2020-01-01 00:00:00.000000',
    $group_0: '',
    $group_1: '',
    $group_2: '',
    $group_3: '',
    $group_4: '',
    $session_id: '',
    $window_id: '',
    elements_chain: '',
    created_at: engineInstant(timestamp),
    inserted_at: engineInstant(timestamp),
    ...rest,
  }
}

export function personRow(projectId: number, id: string, properties: object, createdAt = '2020-01-01T00:00:00Z') {
  return { project_id: projectId, id, created_at: engineInstant(createdAt), properties, is_identified: 1, is_deleted: 0, version: 1 }
}
