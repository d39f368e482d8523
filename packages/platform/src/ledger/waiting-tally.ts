import type { EventLog } from '@hedgerow/stores'

/**
 * How many events of each project stand in the log behind ingestion. It reads each head once: what it has seen stays
 * in a queue until ingestion has committed it.
 */
export class WaitingTally {
  readonly #log: Pick<EventLog, 'heads'>
  #positions = new Float64Array(1024)
  #projects = new Int32Array(1024)
  #counts = new Int32Array(1024)
  #first = 0
  #end = 0
  #seenTo: number
  /** The highest position that ingestion was said to be done with. */
  committed: number
  readonly #waiting = new Map<number, number>()
  #catchingUp: Promise<void> | undefined

  /** `committed` is the position up to which ingestion is done. */
  constructor(log: Pick<EventLog, 'heads'>, committed: number) {
    this.#log = log
    this.#seenTo = committed
    this.committed = committed
  }

  /** Resolves once everything that stood in the log when it was called has been seen. */
  async catchUp(): Promise<void> {
    // why: a run that is under way may have begun before the caller's entry was appended, so wait for it and run again.
    if (this.#catchingUp) await this.#catchingUp
    this.#catchingUp ??= this.#readHeads().finally(() => {
      this.#catchingUp = undefined
    })
    await this.#catchingUp
  }

  async #readHeads(): Promise<void> {
    for await (const { position, projectId, eventCount } of this.#log.heads(this.#seenTo)) {
      this.#seenTo = position
      if (eventCount > 0) this.#push(position, projectId, eventCount)
    }
  }

  #push(position: number, projectId: number, count: number): void {
    if (this.#end === this.#positions.length) this.#makeRoom()
    this.#positions[this.#end] = position
    this.#projects[this.#end] = projectId
    this.#counts[this.#end] = count
    this.#end++
    this.#waiting.set(projectId, (this.#waiting.get(projectId) ?? 0) + count)
  }

  #makeRoom(): void {
    const used = this.#end - this.#first
    const size = Math.max(1024, used * 2)
    const moved = <List extends Float64Array | Int32Array>(from: List, to: List): List => {
      to.set(from.subarray(this.#first, this.#end))
      return to
    }
    this.#positions = moved(this.#positions, new Float64Array(size))
    this.#projects = moved(this.#projects, new Int32Array(size))
    this.#counts = moved(this.#counts, new Int32Array(size))
    this.#first = 0
    this.#end = used
  }

  /** Ingestion has committed everything up to `position`. */
  commit(position: number): void {
    this.#seenTo = Math.max(this.#seenTo, position)
    this.committed = Math.max(this.committed, position)
    while (this.#first < this.#end && (this.#positions[this.#first] as number) <= position) {
      const projectId = this.#projects[this.#first] as number
      const left = (this.#waiting.get(projectId) ?? 0) - (this.#counts[this.#first] as number)
      if (left > 0) this.#waiting.set(projectId, left)
      else this.#waiting.delete(projectId)
      this.#first++
    }
  }

  waiting(projectId: number): number {
    return this.#waiting.get(projectId) ?? 0
  }

  /** Position of the project's oldest entry that waits. */
  oldest(projectId: number): number | undefined {
    for (let index = this.#first; index < this.#end; index++) {
      if (this.#projects[index] === projectId) return this.#positions[index]
    }
    return undefined
  }
}
