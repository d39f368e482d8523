import { fewValuedProperties, manyValuedProperties } from '../typed-properties.ts'
import { ByteColumn } from './byte-column.ts'
import { DictionaryColumn } from './dictionary-column.ts'
import { NullableTextColumn } from './nullable-text-column.ts'
import { type PropertyPath, PropertyPaths } from './property-path.ts'
import { isWritable, scalarText, writeValue } from './property-value.ts'
import { TextMapColumn } from './text-map-column.ts'

type TypedColumn = DictionaryColumn | NullableTextColumn

const fewValued = new Set<string>(fewValuedProperties)
/** In the order in which the engine keeps them. */
const typedNames: readonly string[] = [...fewValuedProperties, ...manyValuedProperties].sort()
const typedPlaces = new Map(typedNames.map((name, place) => [name, place]))

/** The type of `events.properties`. */
export const propertiesType = `JSON(max_dynamic_paths=0, ${typedNames
  .map((name) => `\`${name}\` ${fewValued.has(name) ? 'LowCardinality(Nullable(String))' : 'Nullable(String)'}`)
  .join(', ')})`

interface Order {
  paths: PropertyPath[]
  /** Places in `paths`, by the paths' texts. */
  places: number[]
}

/** The column `properties` of a block: a column for each typed property, and all others with their names in the shared data. */
export class PropertyColumns {
  private readonly typed: TypedColumn[] = typedNames.map((name) =>
    fewValued.has(name) ? new DictionaryColumn(true) : new NullableTextColumn(),
  )
  private readonly paths = new PropertyPaths(typedPlaces)
  private readonly ends = new ByteColumn()
  private readonly names = new ByteColumn()
  private readonly values = new ByteColumn()
  /** Of each event what its session keeps and has no typed path. */
  readonly ofSessions = new TextMapColumn()
  private shared = 0
  private typedBytes = 0
  /** Of the event that is being added. */
  private typedPlacesOfEvent: number[] = []
  private typedTexts: string[] = []
  private foundPaths: PropertyPath[] = []
  private foundValues: unknown[] = []
  /** The order of the properties of the last event of each name: the next one mostly has the same. */
  private readonly orders = new Map<string, Order>()

  /** False, with nothing added, where a value is better left to the engine's own parser. */
  add(row: number, event: string, properties: Readonly<Record<string, unknown>>): boolean {
    this.typedPlacesOfEvent.length = 0
    this.typedTexts.length = 0
    this.foundPaths.length = 0
    this.foundValues.length = 0
    if (!this.find(properties, undefined)) return false
    for (let index = 0; index < this.typedTexts.length; index++) {
      const text = this.typedTexts[index] as string
      this.typed[this.typedPlacesOfEvent[index] as number]?.set(row, text)
      this.typedBytes += text.length
    }
    for (const place of this.orderOf(event)) {
      const path = this.foundPaths[place] as PropertyPath
      this.names.append(path.bytes)
      writeValue(this.values, this.foundValues[place])
      if (path.isOfSession && this.foundValues[place] !== '') this.ofSessions.pair(path.bytes, scalarText(this.foundValues[place]))
    }
    this.ofSessions.endRow()
    this.shared += this.foundPaths.length
    this.ends.int64(this.shared)
    return true
  }

  /** About the size of the whole. */
  get sizeBytes(): number {
    return this.names.length + this.values.length + this.typedBytes + this.ofSessions.sizeBytes
  }

  write(into: ByteColumn, rowCount: number): void {
    // Version of the form, greatest number of dynamic paths, their number.
    into.zeros(10)
    // Version of each dictionary.
    for (const column of this.typed) if (column instanceof DictionaryColumn) into.int64(1)
    for (const column of this.typed) column.write(into, rowCount)
    for (const column of [this.ends, this.names, this.values]) into.append(column.view())
  }

  clear(): void {
    for (const column of [...this.typed, this.ends, this.names, this.values]) column.clear()
    this.ofSessions.clear()
    this.orders.clear()
    this.shared = 0
    this.typedBytes = 0
  }

  private find(properties: Readonly<Record<string, unknown>>, parent: PropertyPath | undefined): boolean {
    for (const name in properties) {
      const value = properties[name]
      if (value === null || value === undefined) continue
      const path = this.paths.of(parent, name)
      if (path.isUnusual) return false
      if (path.typed >= 0) {
        if (typeof value !== 'string') return false
        this.typedPlacesOfEvent.push(path.typed)
        this.typedTexts.push(value)
      } else if (typeof value === 'object' && !Array.isArray(value)) {
        if (!this.find(value as Record<string, unknown>, path)) return false
      } else {
        if (!isWritable(value) || (path.isOfSession && Array.isArray(value))) return false
        this.foundPaths.push(path)
        this.foundValues.push(value)
      }
    }
    return true
  }

  private orderOf(event: string): readonly number[] {
    const paths = this.foundPaths
    const known = this.orders.get(event)
    if (known && hasPaths(known.paths, paths)) return known.places
    const places = paths
      .map((_, place) => place)
      .sort((a, b) => ((paths[a] as PropertyPath).text < (paths[b] as PropertyPath).text ? -1 : 1))
    this.orders.set(event, { paths: [...paths], places })
    return places
  }
}

function hasPaths(known: readonly PropertyPath[], paths: readonly PropertyPath[]): boolean {
  if (known.length !== paths.length) return false
  for (let index = 0; index < paths.length; index++) if (known[index] !== paths[index]) return false
  return true
}
