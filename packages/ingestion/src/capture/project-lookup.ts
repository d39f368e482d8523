import type { CaptureProject } from '@hedgerow/protocol'
import { CaptureBusy } from './refusal.ts'

type Find = (token: string) => Promise<CaptureProject | undefined> | CaptureProject | undefined

const late = Symbol('late')
const rememberedProjects = 10_000

/**
 * Finds projects by their token, and goes on with the one last known while the application store is away or slow: capture needs
 * nothing else of that store, so its outage must not cost events.
 */
export class ProjectLookup {
  private readonly lastKnown = new Map<string, CaptureProject>()
  private readonly findNow: Find
  private readonly maxWaitMs: number
  constructor(find: Find, maxWaitMs: number) {
    this.findNow = find
    this.maxWaitMs = maxWaitMs
  }

  /** @throws CaptureBusy if it cannot be told now whose token it is. */
  async find(token: string): Promise<CaptureProject | undefined> {
    let cause: unknown
    try {
      const found = await this.inTime(token)
      if (found !== late) {
        this.remember(token, found)
        return found
      }
    } catch (error) {
      cause = error
    }
    const known = this.lastKnown.get(token)
    if (known === undefined) throw new CaptureBusy("The token's project cannot be looked up at this moment.", { cause })
    return known
  }

  private async inTime(token: string): Promise<CaptureProject | undefined | typeof late> {
    const lookup = this.findNow(token)
    if (!(lookup instanceof Promise)) return lookup
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<typeof late>((resolve) => {
      timer = setTimeout(resolve, this.maxWaitMs, late)
    })
    try {
      return await Promise.race([lookup, timeout])
    } finally {
      clearTimeout(timer)
    }
  }

  private remember(token: string, project: CaptureProject | undefined): void {
    if (project === undefined) {
      this.lastKnown.delete(token)
      return
    }
    if (this.lastKnown.get(token) === project) return
    this.lastKnown.set(token, project)
    for (const oldest of this.lastKnown.keys()) {
      if (this.lastKnown.size <= rememberedProjects) break
      this.lastKnown.delete(oldest)
    }
  }
}
