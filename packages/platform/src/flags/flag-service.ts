import {
  describeReason,
  type FlagResult,
  type FlagSelection,
  flagValue,
  personProperties,
  type Subject,
  subjectGroups,
} from '@hedgerow/flags'
import type { GeoLookup } from '@hedgerow/ingestion'
import type { ApplicationStore } from '@hedgerow/stores'
import type { FlagCounts } from './flag-counts.ts'
import type { FlagPeople, KnownPerson } from './flag-people.ts'
import type { FlagRegistry, LoadedFlags } from './flag-registry.ts'
import { type FollowedCohorts, membership } from './followed-cohorts.ts'
import { keepHashKeys } from './hash-keys.ts'

type Properties = Readonly<Record<string, unknown>>

/** Who asks for flags, as a request says it. */
export interface FlagRequest {
  distinctId: string
  anonymousId?: string | undefined
  deviceId?: string | undefined
  groups?: Properties | undefined
  personProperties?: Properties | undefined
  groupProperties?: Properties | undefined
  /** The asker's address, by whose place conditions may go; undefined where it is not that of the person. */
  ip?: string | undefined
  selection?: FlagSelection
}

export interface FlagAnswer {
  results: readonly FlagResult[]
  hasErrors: boolean
  flags: LoadedFlags
  /** A result's reason in words. */
  describe(result: FlagResult): string
  /** Whether an experiment decides by a flag. */
  hasExperiment(flagId: number): boolean
}

export interface FlagServiceParts {
  application: ApplicationStore
  registry: FlagRegistry
  people: FlagPeople
  counts: FlagCounts
  followed: FollowedCohorts
  /** Places of addresses, where there is a database of them. */
  geo: GeoLookup | undefined
  nowMs: () => number
  warn(message: string, error: unknown): void
}

const unread = 'What is stored about the person cannot be read at the moment.'
const stranger: KnownPerson = { id: undefined, properties: undefined, columns: {}, cohortIds: new Set(), hashKeys: new Map() }

/** Answers flags for whoever asks: from memory where it can, with what the request says over what is stored. */
export function createFlagService(parts: FlagServiceParts) {
  const { application, registry, people, counts } = parts

  /** The person behind a distinct id, if something that is stored about it can matter. */
  async function lookUp(projectId: number, request: FlagRequest, { set }: LoadedFlags): Promise<KnownPerson | undefined> {
    const { needs } = set
    const isStoredNeeded =
      needs.needsColumns ||
      needs.cohortIds.size > 0 ||
      needs.followedCohorts.size > 0 ||
      needs.continuityKeys.length > 0 ||
      [...needs.personKeys].some((key) => request.personProperties === undefined || !Object.hasOwn(request.personProperties, key))
    if (!isStoredNeeded) return stranger
    try {
      const found = people.person(projectId, request.distinctId)
      const person = found instanceof Promise ? await found : found
      return needs.continuityKeys.length > 0 ? await withHashKeys(projectId, request, set.needs.continuityKeys, person) : person
    } catch (error) {
      parts.warn('a person could not be looked up for flags', error)
      return undefined
    }
  }

  /** On the first request after somebody was identified, what was hashed before is kept. */
  async function withHashKeys(
    projectId: number,
    { distinctId, anonymousId }: FlagRequest,
    keys: readonly string[],
    person: KnownPerson,
  ): Promise<KnownPerson> {
    if (anonymousId === undefined || anonymousId === distinctId) return person
    const missing = keys.filter((key) => !person.hashKeys.has(key))
    if (missing.length === 0) return person
    const before = await people.person(projectId, anonymousId)
    const unknown = missing.filter((key) => !before.hashKeys.has(key))
    if (unknown.length > 0) {
      await keepHashKeys(application, { projectId, distinctId, anonymousId, flagKeys: unknown }).catch((error: unknown) => {
        // why: the anonymous id itself gives the right answer now; the next request tries again.
        parts.warn('what flags hash for a person could not be kept', error)
      })
      people.forgetPerson(projectId, distinctId)
    }
    const now = await people.person(projectId, distinctId)
    return { ...now, hashKeys: new Map([...before.hashKeys, ...now.hashKeys]) }
  }

  async function groupsOf(projectId: number, request: FlagRequest, { set }: LoadedFlags): Promise<Subject['groups']> {
    if (!request.groups || set.needs.groupTypeIndexes.size === 0) return []
    const stored = new Map<string, Properties | undefined>()
    // Once without what is stored, to learn which groups are meant.
    for (const [index, group] of subjectGroups(set.source.groupTypes, request.groups, undefined, () => undefined).entries()) {
      if (group && set.needs.groupTypeIndexes.has(index))
        stored.set(`${index}:${group.key}`, await people.group(projectId, index, group.key))
    }
    return subjectGroups(set.source.groupTypes, request.groups, request.groupProperties, (index, key) => stored.get(`${index}:${key}`))
  }

  /** Who is asked about. */
  async function subjectOf(projectId: number, request: FlagRequest, flags: LoadedFlags): Promise<Subject> {
    const person = await lookUp(projectId, request, flags)
    // why: flags that ask for a cohort which cannot be read fail by themselves, the others need not.
    await parts.followed.ready(projectId, flags.set.needs.followedCohorts)?.catch((error: unknown) => {
      parts.warn('members of a cohort cannot be read for flags', error)
    })
    let groups: Subject['groups'] = []
    let failure = person ? undefined : unread
    try {
      groups = await groupsOf(projectId, request, flags)
    } catch (error) {
      parts.warn('groups could not be looked up for flags', error)
      failure = unread
      groups = subjectGroups(flags.set.source.groupTypes, request.groups, request.groupProperties, () => undefined)
    }
    const known = person ?? stranger
    const device = request.deviceId ?? request.personProperties?.$device_id
    return {
      distinctId: request.distinctId,
      person: personProperties(known.properties, request.personProperties, request.distinctId),
      personColumns: known.columns,
      deviceId: typeof device === 'string' && device !== '' ? device : undefined,
      anonymousId: request.anonymousId,
      hashKeys: known.hashKeys,
      groups,
      isMember: membership(parts.followed, projectId, flags.set.needs.followedCohorts, known),
      nowMs: parts.nowMs(),
      unread: failure,
    }
  }

  return {
    subjectOf,

    /** Rejects only where a project's flags were never read and cannot be now. */
    async evaluate(projectId: number, asked: FlagRequest): Promise<FlagAnswer> {
      const request = parts.geo ? withPlace(asked, parts.geo) : asked
      const known = registry.get(projectId)
      const flags = known instanceof Promise ? await known : known
      const subject = await subjectOf(projectId, request, flags)
      const { results, hasErrors } = flags.set.evaluate(subject, request.selection)
      for (const result of results) counts.answered(projectId, result.id, String(flagValue(result)))
      counts.asked(projectId, 'evaluation')
      return { results, hasErrors, flags, describe: describeReason, hasExperiment: (flagId) => flags.experimentFlagIds.has(flagId) }
    },

    /** For an SDK that evaluates by itself. */
    async definitions(projectId: number): Promise<{ body: string; etag: string }> {
      const flags = await registry.get(projectId)
      counts.asked(projectId, 'definitions')
      return flags.local()
    },
  }
}

/** With the place of its address, as events have it. What the request says of itself counts. */
function withPlace(request: FlagRequest, geo: GeoLookup): FlagRequest {
  const place = request.ip === undefined ? undefined : geo.find(request.ip)
  if (place === undefined) return request
  const found = Object.fromEntries(Object.entries(place).map(([key, value]) => [`$geoip_${key}`, value]))
  return { ...request, personProperties: { ...found, ...request.personProperties } }
}

export type FlagService = ReturnType<typeof createFlagService>
