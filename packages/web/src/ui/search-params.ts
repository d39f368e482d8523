/**
 * State that lives in the address. Values are plain text (`?q=42&identified=yes`), so that addresses can be read, shared and
 * written by hand; each page reads its own and ignores what it does not know.
 */
export type SearchValues = Record<string, string | undefined>

export function parseSearch(text: string): SearchValues {
  return Object.fromEntries(new URLSearchParams(text))
}

export function stringifySearch(values: Record<string, unknown>): string {
  const set = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
  )
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`
}

/** The text under a name, `undefined` when empty or absent. */
export function textIn(search: Record<string, unknown>, name: string): string | undefined {
  const value = search[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The value under a name if it is one of those allowed. */
export function choiceIn<Choice extends string>(
  search: Record<string, unknown>,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  return choices.find((choice) => choice === search[name])
}

/** An address within this app to go on to: never another site, whatever the parameter says. */
export function pathIn(search: Record<string, unknown>, name: string): string | undefined {
  const value = textIn(search, name)
  if (value === undefined || !/^\/(?![/\\])/.test(value)) return undefined
  const url = new URL(value, 'http://here.invalid')
  return url.host === 'here.invalid' ? url.pathname + url.search + url.hash : undefined
}
