const anyCase = new Set([
  'anonymous',
  'guest',
  'distinctid',
  'distinct_id',
  'id',
  'not_authenticated',
  'email',
  'undefined',
  'true',
  'false',
  'none',
  'null',
  '0',
  '[object object]',
  'nan',
  '00000000-0000-0000-0000-000000000000',
  'anonymous-user',
  'backend',
  'system',
  'user',
])

/**
 * Whether an id stands for nobody in particular, by capture v1's list, in any case and also inside quotes.
 * Wider than the list that merging goes by.
 */
export function isIllegalInCaptureV1(distinctId: string): boolean {
  const bare = distinctId.trim().toLowerCase()
  if (bare === '' || anyCase.has(bare)) return true
  const quoted = /^(["'])(.*)\1$/s.exec(bare)?.[2]
  return quoted !== undefined && (quoted.trim() === '' || anyCase.has(quoted))
}
