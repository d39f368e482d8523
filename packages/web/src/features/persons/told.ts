/** What a person's apps were answered, the newest first, up to a moment: `[flag, answer, instant]`. */
export const toldQuery = `SELECT toString(properties.$feature_flag), toString(properties.$feature_flag_response), timestamp
FROM events
WHERE person_id = {person} AND event = '$feature_flag_called' AND timestamp <= {until}
ORDER BY timestamp DESC
LIMIT 2000`

/** The answer of a flag that an app was told last. */
export interface Told {
  answer: string
  /** Since when it was told this and nothing else, as far as its calls reach back. */
  sinceAt: string
}

/** By flag, of the rows of `toldQuery`. */
export function toldOf(rows: readonly unknown[][]): ReadonlyMap<string, Told> {
  const told = new Map<string, Told>()
  const settled = new Set<string>()
  for (const row of rows) {
    const [flag, answer, at] = row.map(String) as [string, string, string]
    const newest = told.get(flag)
    if (!newest) told.set(flag, { answer, sinceAt: at })
    else if (newest.answer !== answer) settled.add(flag)
    else if (!settled.has(flag)) newest.sinceAt = at
  }
  return told
}
