import type { ApplicationStore, EventStore } from '@hedgerow/stores'
import type { ProjectRevision } from './cache-revision.ts'
import { type ProjectFacts, readProjectFacts } from './project-facts.ts'

/** limit: projects whose facts are remembered. */
const maxKnown = 1_000

interface Known {
  at: ProjectRevision
  facts: Promise<ProjectFacts>
  /** Asked for again at the same revision: the project changes less often than it is asked about. */
  isSteady: boolean
}

/** What was read of projects last, each with the revision at which it was read: it holds while the project stays at it. */
export function createKnownFacts(stores: { events: EventStore; application: ApplicationStore }) {
  const known = new Map<number, Known>()

  function read(projectId: number, at: ProjectRevision): Promise<ProjectFacts> {
    const facts = readProjectFacts(stores, projectId)
    known.delete(projectId)
    known.set(projectId, { at, facts, isSteady: false })
    facts.catch(() => known.get(projectId)?.facts === facts && known.delete(projectId))
    for (const oldest of known.keys()) {
      if (known.size <= maxKnown) break
      known.delete(oldest)
    }
    return facts
  }

  return {
    /** As of that revision. */
    async at(projectId: number, revision: ProjectRevision): Promise<ProjectFacts> {
      const { includedUntil } = revision
      const found = known.get(projectId)
      if (found?.at.revision !== revision.revision) return { ...(await read(projectId, revision)), includedUntil }
      found.isSteady = true
      return { ...(await found.facts), includedUntil }
    },

    /** The revision that a project is probably still at. */
    likelyRevision(projectId: number): ProjectRevision | undefined {
      const found = known.get(projectId)
      return found?.isSteady ? found.at : undefined
    },
  }
}
