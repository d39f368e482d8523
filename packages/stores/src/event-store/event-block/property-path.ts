import { sessionProperties } from '../session-properties.ts'
import { textBytes } from './byte-column.ts'

/** limit: paths remembered; a client that sends a new name with each event has them forgotten now and then. */
const maxPaths = 20_000

/** A name of a property, or of one inside an object, as the engine keeps it. */
export interface PropertyPath {
  /** Names behind one another with dots between; a dot in a name is `%2E`. */
  text: string
  /** The text in UTF-8 behind its length. */
  bytes: Uint8Array
  /** Its place among the typed properties; -1 for all others. */
  typed: number
  /** Kept by sessions. */
  isOfSession: boolean
  /** Cannot be told from another one, or not be sorted by its characters. */
  isUnusual: boolean
  children: Map<string, PropertyPath>
}

const ofSessions = new Set(sessionProperties)
const surrogate = /[\ud800-\udfff]/

/** All paths seen, as a tree, so that a name is made into bytes once and not in each event. */
export class PropertyPaths {
  private readonly typedPlaces: ReadonlyMap<string, number>
  private readonly roots = new Map<string, PropertyPath>()
  private count = 0

  constructor(typedPlaces: ReadonlyMap<string, number>) {
    this.typedPlaces = typedPlaces
  }

  of(parent: PropertyPath | undefined, name: string): PropertyPath {
    const siblings = parent ? parent.children : this.roots
    return siblings.get(name) ?? this.add(siblings, parent, name)
  }

  private add(siblings: Map<string, PropertyPath>, parent: PropertyPath | undefined, name: string): PropertyPath {
    if (this.count >= maxPaths) {
      this.roots.clear()
      this.count = 0
    }
    const own = name.replaceAll('.', '%2E')
    const text = parent ? `${parent.text}.${own}` : own
    const path: PropertyPath = {
      text,
      bytes: textBytes(text),
      typed: parent ? -1 : (this.typedPlaces.get(name) ?? -1),
      isOfSession: !parent && ofSessions.has(name),
      isUnusual: parent?.isUnusual === true || name === '' || name.includes('%2E') || surrogate.test(name),
      children: new Map(),
    }
    siblings.set(name, path)
    this.count++
    return path
  }
}
