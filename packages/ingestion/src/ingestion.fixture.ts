import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CapturedEvent, CommandEntry, EventsEntry, LogEntryBody } from '@hedgerow/protocol'
import { openStores, type Stores } from '@hedgerow/stores'
import type { IngestionStores } from './batch/ingestion-state.ts'
import { createIngestion, type Ingestion, type IngestionOptions } from './ingestion.ts'

export const uuidOf = (n: number): string => `0190a000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`

export type TestEvent = Partial<CapturedEvent> & Pick<CapturedEvent, 'event' | 'distinctId'>

export const saw = (distinctId: string, properties: Record<string, unknown> = {}): TestEvent => ({ event: 'saw', distinctId, properties })
export const personless = (distinctId: string): TestEvent => saw(distinctId, { $process_person_profile: false })
export const identify = (distinctId: string, anonymousId: string, set?: Record<string, unknown>): TestEvent => ({
  event: '$identify',
  distinctId,
  properties: { $anon_distinct_id: anonymousId },
  ...(set ? { set } : {}),
})
export const alias = (distinctId: string, other: string): TestEvent => ({
  event: '$create_alias',
  distinctId,
  properties: { alias: other },
})
export const mergeDangerously = (distinctId: string, other: string): TestEvent => ({
  event: '$merge_dangerously',
  distinctId,
  properties: { alias: other },
})

/** Real embedded stores in a directory of their own, and ingestion over them that can be ended and begun again. */
export class TestWorld {
  readonly directory: string
  stores: Stores
  ingestion: Ingestion | undefined
  private lastUuid = 0
  private lastProject = 0

  private constructor(directory: string, stores: Stores) {
    this.directory = directory
    this.stores = stores
  }

  static async open(): Promise<TestWorld> {
    const directory = await mkdtemp(join(tmpdir(), 'hedgerow-ingestion-'))
    return new TestWorld(directory, await openStores({ dataDir: directory }))
  }

  async close(): Promise<void> {
    await this.ingestion?.stop()
    await this.stores.close()
    await rm(this.directory, { recursive: true, force: true, maxRetries: 10 })
  }

  begin(options: Partial<IngestionOptions> = {}): Ingestion {
    const stores: IngestionStores = options.stores ?? this.stores
    this.ingestion = createIngestion({ ...options, stores, limits: { batchIntervalMs: 5, retryMinMs: 5, ...options.limits } })
    this.ingestion.start()
    return this.ingestion
  }

  async restart(options: Partial<IngestionOptions> = {}): Promise<Ingestion> {
    await this.ingestion?.stop()
    return this.begin(options)
  }

  /** A project that no other test of this world has. */
  newProject(): number {
    this.lastProject += 1
    return this.lastProject
  }

  nextUuid(): string {
    this.lastUuid += 1
    return uuidOf(this.lastUuid)
  }

  captured(event: TestEvent): CapturedEvent {
    return { uuid: this.nextUuid(), properties: {}, ...event }
  }

  /** Puts one entry into the log, without waiting for it. */
  async append(projectId: number, events: TestEvent[], entry: Partial<EventsEntry> = {}): Promise<EventsEntry> {
    const body: EventsEntry = {
      kind: 'events',
      projectId,
      receivedAt: new Date().toISOString(),
      endpoint: '/batch/',
      events: events.map((event) => this.captured(event)),
      ...entry,
    }
    await this.appendBody(body, body.events.length + (body.refused?.length ?? 0))
    return body
  }

  async appendBody(body: LogEntryBody, eventCount: number): Promise<void> {
    await this.stores.log.append([{ projectId: body.projectId, eventCount, payload: Buffer.from(JSON.stringify(body)) }])
  }

  /** Everything in the log so far is stored. */
  async settle(): Promise<void> {
    await this.ingestion?.waitUntilProcessed(await this.stores.log.head())
  }

  async send(projectId: number, events: TestEvent[], entry: Partial<EventsEntry> = {}): Promise<EventsEntry> {
    const body = await this.append(projectId, events, entry)
    await this.settle()
    return body
  }

  async command(command: DistributiveOmit<CommandEntry, 'kind' | 'receivedAt' | 'commandId'>): Promise<unknown> {
    const commandId = this.nextUuid()
    await this.appendBody({ kind: 'command', receivedAt: new Date().toISOString(), commandId, ...command }, 0)
    await this.settle()
    const [row] = await this.sql<{ outcome: unknown }>('SELECT outcome FROM ingestion_commands WHERE command_id = $1', [commandId])
    return row?.outcome
  }

  async sql<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    const { rows } = await this.stores.application.pool.query(text, values)
    return rows
  }

  async events<Row extends unknown[]>(text: string, params: Record<string, unknown> = {}): Promise<Row[]> {
    const { rows } = await this.stores.events.query(text, { params })
    return rows as Row[]
  }

  async ledger(projectId: number) {
    const [row] = await this.sql<{
      accepted: number
      stored: number
      rejected: number
      repeated: number
      rejected_by_reason: Record<string, number>
      warnings_by_reason: Record<string, number>
    }>('SELECT accepted, stored, rejected, repeated, rejected_by_reason, warnings_by_reason FROM ingestion_ledger WHERE project_id = $1', [
      projectId,
    ])
    return row
  }

  /** Distinct id → the person that each of its events resolves to now, as queries see it. */
  async resolvedPersons(projectId: number): Promise<Map<string, Set<string>>> {
    const rows = await this.events<[string, string]>(
      `SELECT DISTINCT e.distinct_id, toString(if(o.person_id = toUUID('00000000-0000-0000-0000-000000000000'), e.person_id, o.person_id))
       FROM events e LEFT JOIN (
         SELECT distinct_id, argMax(person_id, version) AS person_id FROM person_distinct_id_overrides
         WHERE project_id = {projectId: UInt32} GROUP BY distinct_id HAVING argMax(is_deleted, version) = 0
       ) o ON o.distinct_id = e.distinct_id
       WHERE e.project_id = {projectId: UInt32}`,
      { projectId },
    )
    const persons = new Map<string, Set<string>>()
    for (const [distinctId, personId] of rows) persons.set(distinctId, (persons.get(distinctId) ?? new Set()).add(personId))
    return persons
  }

  /** Persons of the application store, each with its sorted distinct ids. */
  persons(projectId: number) {
    return this.sql<{
      id: string
      distinct_ids: string[]
      is_identified: boolean
      properties: Record<string, unknown>
      created_at: Date
      version: number
    }>(
      `SELECT p.id, p.is_identified, p.properties, p.created_at, p.version, array_agg(d.distinct_id ORDER BY d.distinct_id) AS distinct_ids
       FROM persons p LEFT JOIN person_distinct_ids d ON d.project_id = p.project_id AND d.person_id = p.id
       WHERE p.project_id = $1 GROUP BY p.project_id, p.id ORDER BY min(d.distinct_id)`,
      [projectId],
    )
  }

  /** The same from the event store, where both must agree. */
  async mirroredPersons(projectId: number): Promise<[string, string[], number, string][]> {
    return this.events(
      `SELECT toString(p.id), arraySort(groupArray(d.distinct_id)), any(p.identified), toString(any(p.props)) FROM
         (SELECT id, argMax(is_identified, version) AS identified, argMax(properties, version) AS props FROM persons WHERE project_id = {projectId: UInt32}
          GROUP BY id HAVING argMax(is_deleted, version) = 0) p
       LEFT JOIN
         (SELECT distinct_id, argMax(person_id, version) AS person_id FROM person_distinct_ids WHERE project_id = {projectId: UInt32}
          GROUP BY distinct_id HAVING argMax(is_deleted, version) = 0) d ON d.person_id = p.id
       GROUP BY p.id`,
      { projectId },
    )
  }
}

type DistributiveOmit<Union, Keys extends PropertyKey> = Union extends unknown ? Omit<Union, Keys> : never
