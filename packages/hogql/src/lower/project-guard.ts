/**
 * The restriction of one table scan to one project. Made by the isolation pass alone: the constructor is private to
 * this module, so that a scan without it cannot be written down, let alone printed.
 */
class Guard {
  /** The project that the whole query is compiled for; there is one. */
  readonly projectId: number
  // A private member makes the type nominal: no object literal is a guard.
  readonly #made = true
  constructor(projectId: number) {
    this.projectId = projectId
  }
  static isGuard(value: object): boolean {
    return #made in value
  }
}

export type ProjectGuard = Guard

/** @throws if the id is not one of a project. */
export function guardProject(projectId: number): ProjectGuard {
  if (!Number.isSafeInteger(projectId) || projectId <= 0) throw new Error(`hogql: ${projectId} is not the id of a project`)
  return new Guard(projectId)
}

/** For the printer: stops where something that only looks like a guard got past the types. */
export function assertGuarded(guard: ProjectGuard, projectId: number): void {
  if (!Guard.isGuard(guard) || guard.projectId !== projectId) throw new Error('hogql: a table scan carries no guard of this project')
}
