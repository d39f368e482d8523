/**
 * JSON text that Postgres takes as `jsonb`: the two things that JSON can say and Postgres cannot hold, NUL and halves of surrogate
 * pairs, are replaced.
 */
export function storedJson(value: unknown): string {
  return JSON.stringify(value).replace(/(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/gi, '$1\ufffd')
}
