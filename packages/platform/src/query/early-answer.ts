type Json = Record<string, unknown>

/**
 * An answer that is computed on the guess that the project is still at a revision, while the application store is asked whether it is.
 * why: that takes as long as all else that is done before the engine can begin. If the guess was right, all that the revision counts was stored
 * before it was made, so the answer is the one that would have been computed afterwards.
 */
export interface EarlyAnswer {
  /** The one that was guessed. */
  revision: string
  answer: Promise<Json>
  /** Gives it up; resolves when it has been left. */
  leave(): Promise<void>
}

export function beginEarly(
  revision: string,
  signal: AbortSignal | undefined,
  compute: (signal: AbortSignal) => Promise<Json>,
): EarlyAnswer {
  const leaving = new AbortController()
  const answer = compute(signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal)
  // Whoever wants it awaits it once the guess is known to be right.
  const over = answer.then(
    () => undefined,
    () => undefined,
  )
  return {
    revision,
    answer,
    leave() {
      leaving.abort()
      return over
    },
  }
}
