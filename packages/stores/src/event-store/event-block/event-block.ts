import type { WrittenSnapshot } from '../person-snapshot.ts'
import { ByteColumn } from './byte-column.ts'
import { DictionaryColumn } from './dictionary-column.ts'
import { PropertyColumns, propertiesType } from './property-columns.ts'
import { TextMapColumn } from './text-map-column.ts'

/** An event as it is to be stored. Instants in milliseconds since 1970, fractions allowed. */
export interface EventCells {
  projectId: number
  uuid: string
  event: string
  timestampMs: number
  distinctId: string
  personId: string
  personMode: 'full' | 'propertyless' | 'force_upgrade'
  properties: Readonly<Record<string, unknown>>
  personSnapshot: WrittenSnapshot
  personCreatedAtMs: number
  groups: readonly string[] | undefined
  sessionId: string
  windowId: string
  elementsChain: string
  createdAtMs: number
  insertedAtMicros: number
}

const personModes = { full: 0, propertyless: 1, force_upgrade: 2 }
const personModeType = `Enum8(${Object.entries(personModes)
  .map(([mode, value]) => `'${mode}' = ${value}`)
  .join(', ')})`
const instantType = "DateTime64(6, 'UTC')"
const groupCount = 5

// The engine's instants with microseconds, a little less.
const leastMs = Date.UTC(1900, 0, 2)
const greatestMs = Date.UTC(2299, 0, 1)

/**
 * Rows of the table `events` as a block of the engine's `Native` format: column by column, as the engine holds them. Reading that costs it
 * a tenth of what parsing the same rows as text does. docs/decisions/0007-native-blocks.md.
 */
export class EventBlock {
  private rows = 0
  private readonly projectIds = new ByteColumn()
  private readonly uuids = new ByteColumn()
  private readonly events = new DictionaryColumn(false)
  private readonly timestamps = new ByteColumn()
  private readonly distinctIds = new ByteColumn()
  private readonly personIds = new ByteColumn()
  private readonly personModes = new ByteColumn()
  private readonly properties = new PropertyColumns()
  private readonly snapshots = new TextMapColumn()
  private readonly personCreatedAts = new ByteColumn()
  private readonly groups = Array.from({ length: groupCount }, () => new ByteColumn())
  private readonly sessionIds = new ByteColumn()
  private readonly windowIds = new ByteColumn()
  private readonly elementsChains = new ByteColumn()
  private readonly createdAts = new ByteColumn()
  private readonly insertedAts = new ByteColumn()
  private readonly heads = new ByteColumn()

  /**
   * False, with nothing added, where the event holds what is better left to the engine's own parser: objects in lists, whole numbers beyond
   * 2^53, lists of several types, a typed property that is no text, a uuid that is none.
   */
  add(event: EventCells): boolean {
    if (!isInstant(event.timestampMs) || !isInstant(event.personCreatedAtMs) || !isInstant(event.createdAtMs)) return false
    if (!isUuid(event.uuid) || !isUuid(event.personId)) return false
    const row = this.rows
    if (!this.properties.add(row, event.event, event.properties)) return false
    this.rows++
    this.projectIds.uint32(event.projectId)
    writeUuid(this.uuids, event.uuid)
    this.events.set(row, event.event)
    this.timestamps.int64(microsOf(event.timestampMs))
    this.distinctIds.text(event.distinctId)
    writeUuid(this.personIds, event.personId)
    this.personModes.byte(personModes[event.personMode])
    const { count, names, values } = event.personSnapshot
    this.snapshots.written(count, names, values)
    this.snapshots.endRow()
    this.personCreatedAts.int64(microsOf(event.personCreatedAtMs))
    for (let index = 0; index < groupCount; index++) this.groups[index]?.text(event.groups?.[index] ?? '')
    this.sessionIds.text(event.sessionId)
    this.windowIds.text(event.windowId)
    this.elementsChains.text(event.elementsChain)
    this.createdAts.int64(microsOf(event.createdAtMs))
    this.insertedAts.int64(event.insertedAtMicros)
    return true
  }

  get rowCount(): number {
    return this.rows
  }

  /** About the size of the whole. */
  get sizeBytes(): number {
    return this.properties.sizeBytes + this.snapshots.sizeBytes + this.elementsChains.length + this.rows * 200
  }

  /** The block's bytes in pieces, good until the next change. */
  pieces(): Uint8Array[] {
    const { heads, rows } = this
    const columns = this.columns()
    // why: heads and small columns are written into one piece of memory, which may move while it grows.
    heads.clear()
    heads.varint(columns.length)
    heads.varint(rows)
    const ends: number[] = []
    for (const { name, type, write } of columns) {
      heads.text(name)
      heads.text(type)
      write?.(heads)
      ends.push(heads.length)
    }
    const bytes = heads.view()
    let from = 0
    return columns.flatMap(({ parts }, index) => {
      const end = ends[index] as number
      const own = [bytes.subarray(from, end), ...parts.map((part) => part.view())]
      from = end
      return own
    })
  }

  clear(): void {
    for (const { parts } of this.columns()) for (const part of parts) part.clear()
    this.events.clear()
    this.properties.clear()
    this.snapshots.clear()
    this.rows = 0
  }

  private columns(): Column[] {
    const { rows } = this
    const text = (name: string, part: ByteColumn): Column => ({ name, type: 'String', parts: [part] })
    const textMap = (name: string, { parts }: TextMapColumn): Column => ({ name, type: 'Map(String, String)', parts })
    const instant = (name: string, part: ByteColumn): Column => ({ name, type: instantType, parts: [part] })
    return [
      { name: 'project_id', type: 'UInt32', parts: [this.projectIds] },
      { name: 'uuid', type: 'UUID', parts: [this.uuids] },
      {
        name: 'event',
        type: 'LowCardinality(String)',
        parts: [],
        write: (into) => {
          into.int64(1)
          this.events.write(into, rows)
        },
      },
      instant('timestamp', this.timestamps),
      text('distinct_id', this.distinctIds),
      { name: 'person_id', type: 'UUID', parts: [this.personIds] },
      { name: 'person_mode', type: personModeType, parts: [this.personModes] },
      textMap('person_snapshot', this.snapshots),
      { name: 'properties', type: propertiesType, parts: [], write: (into) => this.properties.write(into, rows) },
      textMap('session_properties', this.properties.ofSessions),
      instant('person_created_at', this.personCreatedAts),
      ...this.groups.map((part, index) => text(`$group_${index}`, part)),
      text('$session_id', this.sessionIds),
      text('$window_id', this.windowIds),
      text('elements_chain', this.elementsChains),
      instant('created_at', this.createdAts),
      instant('inserted_at', this.insertedAts),
    ]
  }
}

interface Column {
  name: string
  type: string
  parts: readonly ByteColumn[]
  /** Writes what is not in parts. */
  write?: (into: ByteColumn) => void
}

function isInstant(ms: number): boolean {
  return ms >= leastMs && ms < greatestMs
}

function microsOf(ms: number): number {
  const whole = Math.floor(ms)
  return whole * 1_000 + Math.round((ms - whole) * 1_000)
}

const canonicalUuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

function isUuid(text: string): boolean {
  return canonicalUuid.test(text)
}

/** Places of the digits of a uuid's bytes as the engine keeps them: each half from its last byte on. */
const uuidPlaces = [16, 14, 11, 9, 6, 4, 2, 0, 34, 32, 30, 28, 26, 24, 21, 19]
const digitValues = new Uint8Array(128)
for (let value = 0; value < 16; value++) {
  digitValues[value.toString(16).charCodeAt(0)] = value
  digitValues[value.toString(16).toUpperCase().charCodeAt(0)] = value
}

function writeUuid(into: ByteColumn, uuid: string): void {
  const { bytes, from } = into.room(16)
  for (let index = 0; index < 16; index++) {
    const place = uuidPlaces[index] as number
    bytes[from + index] = ((digitValues[uuid.charCodeAt(place)] as number) << 4) | (digitValues[uuid.charCodeAt(place + 1)] as number)
  }
}
