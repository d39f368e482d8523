export interface NoticedCacheOptions<Value> {
  maxEntries: number
  maxBytes: number
  /** Looks up several keys at once; a key that is absent in the answer is remembered as `absent`. */
  load(keys: readonly string[]): Promise<Map<string, { value: Value; sizeBytes: number }>>
  absent: Value
}

interface Entry<Value> {
  value: Value
  sizeBytes: number
}

interface Waiting<Value> {
  promise: Promise<Value>
  settle: { resolve(value: Value): void; reject(error: unknown): void }
  /** Somebody changed it since it was asked for: the answer is given, but not remembered. */
  isOutdated: boolean
}

const overheadBytes = 300
const keysPerLoad = 500

/**
 * Remembers values that whoever changes them tells about. Keys asked for in the same turn are looked up together; those used least
 * recently are forgotten first, by two generations.
 */
export class NoticedCache<Value> {
  readonly #options: NoticedCacheOptions<Value>
  #young = new Map<string, Entry<Value>>()
  #old = new Map<string, Entry<Value>>()
  #youngBytes = 0
  readonly #waiting = new Map<string, Waiting<Value>>()
  #asked: string[] = []

  constructor(options: NoticedCacheOptions<Value>) {
    this.#options = options
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  /** What is remembered, at once; else a promise of what is stored. */
  get(key: string): Value | Promise<Value> {
    const found = this.#find(key)
    if (found) return found.value
    const underWay = this.#waiting.get(key)
    if (underWay && !underWay.isOutdated) return underWay.promise
    return this.#ask(key)
  }

  /** What is remembered, if anything is. */
  peek(key: string): Value | undefined {
    return this.#find(key)?.value
  }

  /** A new value of what is remembered; what is not remembered is not begun to be. */
  change(key: string, change: (value: Value) => Value): void {
    const entry = this.#find(key)
    if (entry) entry.value = change(entry.value)
    this.#outdate(key)
  }

  forget(key: string): void {
    this.#young.delete(key)
    this.#old.delete(key)
    this.#outdate(key)
  }

  /** Forgets all keys that begin so. */
  forgetAll(prefix: string): void {
    for (const map of [this.#young, this.#old]) for (const key of map.keys()) if (key.startsWith(prefix)) map.delete(key)
    for (const key of this.#waiting.keys()) if (key.startsWith(prefix)) this.#outdate(key)
  }

  #find(key: string): Entry<Value> | undefined {
    const young = this.#young.get(key)
    if (young) return young
    const old = this.#old.get(key)
    if (old) this.#keep(key, old)
    return old
  }

  #keep(key: string, entry: Entry<Value>): void {
    this.#young.set(key, entry)
    this.#youngBytes += entry.sizeBytes + overheadBytes
    const { maxEntries, maxBytes } = this.#options
    if (this.#young.size < maxEntries / 2 && this.#youngBytes < maxBytes / 2) return
    this.#old = this.#young
    this.#young = new Map()
    this.#youngBytes = 0
  }

  #outdate(key: string): void {
    const waiting = this.#waiting.get(key)
    if (waiting) waiting.isOutdated = true
  }

  #ask(key: string): Promise<Value> {
    let settle: Waiting<Value>['settle'] | undefined
    const promise = new Promise<Value>((resolve, reject) => {
      settle = { resolve, reject }
    })
    this.#waiting.set(key, { promise, settle: settle as Waiting<Value>['settle'], isOutdated: false })
    this.#asked.push(key)
    if (this.#asked.length === 1) setImmediate(() => this.#loadAsked())
    return promise
  }

  #loadAsked(): void {
    const keys = this.#asked
    this.#asked = []
    for (let from = 0; from < keys.length; from += keysPerLoad) this.#load(keys.slice(from, from + keysPerLoad))
  }

  #load(keys: readonly string[]): void {
    const asked = keys.map((key) => [key, this.#waiting.get(key) as Waiting<Value>] as const)
    this.#options.load(keys).then(
      (found) => {
        for (const [key, waiting] of asked) {
          const entry = found.get(key) ?? { value: this.#options.absent, sizeBytes: 0 }
          if (this.#waiting.get(key) === waiting) this.#waiting.delete(key)
          if (!waiting.isOutdated) this.#keep(key, entry)
          waiting.settle.resolve(entry.value)
        }
      },
      (error: unknown) => {
        for (const [key, waiting] of asked) {
          if (this.#waiting.get(key) === waiting) this.#waiting.delete(key)
          waiting.settle.reject(error)
        }
      },
    )
  }
}
