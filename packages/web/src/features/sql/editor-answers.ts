import type { Completion } from '@codemirror/autocomplete'
import type { SqlMistake, SqlSuggestion } from '../../api-client/sql.ts'

/** A suggestion of the server as the editor lists it: the server's order stays. */
export function completionOf({ label, insertText, kind, detail, documentation }: SqlSuggestion, place: number): Completion {
  return {
    label,
    ...(insertText === label ? {} : { apply: insertText }),
    type: kind.toLowerCase(),
    boost: Math.max(-99, 99 - place),
    ...(detail ? { detail } : {}),
    ...(documentation ? { info: documentation } : {}),
  }
}

/** The characters to underline: at least one, inside the text; all of it where the place is unknown. */
export function placeOf({ start, end }: SqlMistake, length: number): { from: number; to: number } {
  if (start === undefined) return { from: 0, to: length }
  const from = Math.max(0, Math.min(start, length - 1))
  return { from, to: Math.max(Math.min(from + 1, length), Math.min(end ?? from + 1, length)) }
}
