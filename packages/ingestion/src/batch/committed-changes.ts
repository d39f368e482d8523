import type { ApplicationStore } from '@hedgerow/stores'
import type { EventDraft } from '../draft.ts'
import type { GroupChanges } from '../groups/group-changes.ts'
import type { PersonChanges } from '../identity/person-changes.ts'
import type { Sql } from './sql.ts'

/** What a commit changed of persons and groups, for whoever remembers them; plain data. */
export interface CommittedChanges {
  /** `json`: the properties; absent for a person that is gone, or in a project that nobody watches. */
  persons: { projectId: number; id: string; json?: string }[]
  /** These belong to another person than before, or to one for the first time. */
  distinctIds: { projectId: number; distinctId: string }[]
  groups: { projectId: number; typeIndex: number; key: string }[]
  /** Persons of whom events were stored, and which ones, in projects that are watched. */
  active: { projectId: number; id: string; event: string }[]
  /** Somebody did something in these, who is not named since they are not watched. */
  unwatched: number[]
  /** Anything may have changed in these. */
  projects: number[]
}

/**
 * What a batch changed; undefined where it changed nothing. Properties are told of `watched` projects alone: of others it is enough to
 * know who changed. To be called before a later batch changes them.
 */
export function committedChanges(persons: PersonChanges, groups: GroupChanges, active: ActivePersons): CommittedChanges | undefined {
  const changes: CommittedChanges = {
    persons: [...persons.persons].map(({ projectId, id, json, mergedInto }) =>
      mergedInto || !active.watched.has(projectId) ? { projectId, id } : { projectId, id, json },
    ),
    distinctIds: [...persons.distinctIds.values()].map(({ projectId, distinctId }) => ({ projectId, distinctId })),
    groups: [...groups.groups].map(({ projectId, typeIndex, key }) => ({ projectId, typeIndex, key })),
    active: active.persons(),
    unwatched: active.unwatched(),
    projects: [],
  }
  const { distinctIds, active: named, unwatched } = changes
  const count = changes.persons.length + distinctIds.length + changes.groups.length + named.length + unwatched.length
  return count > 0 ? changes : undefined
}

/** Collects of whom a batch stores events. */
export class ActivePersons {
  readonly watched: ReadonlySet<number>
  readonly #found = new Map<string, CommittedChanges['active'][number]>()
  readonly #unwatched = new Set<number>()

  constructor(watched: ReadonlySet<number>) {
    this.watched = watched
  }

  add(drafts: readonly EventDraft[]): void {
    for (const { entry, personId, event } of drafts) {
      const { projectId } = entry
      if (personId === '') continue
      if (this.watched.has(projectId)) this.#found.set(`${projectId}:${personId}:${event}`, { projectId, id: personId, event })
      else this.#unwatched.add(projectId)
    }
  }

  persons(): CommittedChanges['active'] {
    return [...this.#found.values()]
  }

  unwatched(): CommittedChanges['unwatched'] {
    return [...this.#unwatched]
  }
}

/** The channel on which other processes hear of changes; only a database server has it. */
export const changesChannel = 'hedgerow_changes'
/** limit: of a notice, which Postgres cuts at 8000 bytes. */
const maxNoticeLength = 7_000

/** Tells other processes, once the transaction commits. An embedded database has no others. */
export async function notifyOthers(sql: Sql, application: Pick<ApplicationStore, 'connection'>, changes: CommittedChanges): Promise<void> {
  if (application.connection.kind === 'socket') return
  await sql.query('SELECT pg_notify($1, notice) FROM unnest($2::text[]) AS n(notice)', [changesChannel, changeNotices(changes)])
}

/** The changes as notices without properties, each short enough to be sent. */
function changeNotices(changes: CommittedChanges): string[] {
  const entries = [
    ...changes.persons.map(({ projectId, id }) => ['p', projectId, id]),
    ...changes.distinctIds.map(({ projectId, distinctId }) => ['d', projectId, distinctId]),
    ...changes.groups.map(({ projectId, typeIndex, key }) => ['g', projectId, typeIndex, key]),
    ...changes.active.map(({ projectId, id, event }) => ['e', projectId, id, event]),
    ...changes.unwatched.map((projectId) => ['u', projectId]),
    ...changes.projects.map((projectId) => ['a', projectId]),
  ].map((entry) => JSON.stringify(entry))
  const notices: string[] = []
  let from = 0
  let length = 0
  for (const [index, entry] of entries.entries()) {
    const bytes = Buffer.byteLength(entry) + 1
    if (length + bytes > maxNoticeLength) {
      notices.push(`[${entries.slice(from, index).join(',')}]`)
      from = index
      length = 0
    }
    length += bytes
  }
  if (from < entries.length) notices.push(`[${entries.slice(from).join(',')}]`)
  return notices
}

/** What a notice says; persons without properties, so that they are looked up again. */
export function readNotice(notice: string): CommittedChanges {
  const changes: CommittedChanges = { persons: [], distinctIds: [], groups: [], active: [], unwatched: [], projects: [] }
  for (const [kind, projectId, id, key] of JSON.parse(notice) as [string, number, never, never][]) {
    if (kind === 'p') changes.persons.push({ projectId, id })
    else if (kind === 'd') changes.distinctIds.push({ projectId, distinctId: id })
    else if (kind === 'e') changes.active.push({ projectId, id, event: key })
    else if (kind === 'g') changes.groups.push({ projectId, typeIndex: id, key })
    else if (kind === 'u') changes.unwatched.push(projectId)
    else changes.projects.push(projectId)
  }
  return changes
}
