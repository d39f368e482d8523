import { latin1Of, textsOf } from './event-block/byte-column.ts'

/**
 * How `events.person_snapshot`, a `Map(String, String)`, holds the properties of a person: text as it is, everything else as its JSON
 * behind {@link jsonMark}. Text that begins like a mark, or is empty (an absent name reads as empty), stands behind {@link textMark}.
 * Null is left out, as in a JSON column. So the text of a property is its value less a mark, without parsing.
 */
const jsonMark = '\u0001'
const textMark = '\u0002'
/** Whatever is less than this is empty or begins with a mark. */
const firstUnmarked = '\u0003'

/** The snapshot as JSON text of the column, names sorted: the same properties are the same bytes, which compress better. */
export function personSnapshot(properties: Readonly<Record<string, unknown>>): string {
  const pairs: string[] = []
  for (const name of Object.keys(properties).sort()) {
    const value = properties[name]
    if (value !== null && value !== undefined) pairs.push(`${JSON.stringify(name)}:${JSON.stringify(snapshotValue(value))}`)
  }
  return `{${pairs.join(',')}}`
}

function snapshotValue(value: unknown): string {
  if (typeof value !== 'string') return jsonMark + JSON.stringify(value)
  return value < firstUnmarked ? textMark + value : value
}

/** A snapshot as the engine's `Native` format holds it: names and values, each in UTF-8 behind its length, as texts whose characters are the bytes. */
export interface WrittenSnapshot {
  count: number
  names: string
  values: string
}

export const emptySnapshot: WrittenSnapshot = { count: 0, names: '', values: '' }

/** The same snapshot, for an `EventBlock`. */
export function writtenSnapshot(properties: Readonly<Record<string, unknown>>): WrittenSnapshot {
  const written: WrittenSnapshot = { count: 0, names: '', values: '' }
  for (const name of Object.keys(properties).sort()) {
    const value = properties[name]
    if (value === null || value === undefined) continue
    written.count++
    written.names += latin1Of(name)
    written.values += latin1Of(snapshotValue(value))
  }
  return written
}

/** A written snapshot as JSON text of the column. */
export function snapshotText({ names, values }: WrittenSnapshot): string {
  const texts = textsOf(values)
  return `{${textsOf(names)
    .map((name, place) => `${JSON.stringify(name)}:${JSON.stringify(texts[place])}`)
    .join(',')}}`
}
