// compat: the same ids that PostHog refuses to merge with, since clients send them by mistake for many people at once.
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
])
const exactCase = new Set(['[object Object]', 'NaN', 'None', 'none', 'null', '0', 'undefined'])

/** Whether a distinct id stands for nobody in particular: nothing is ever merged with it. Quotes around it do not help. */
export function isIllegalDistinctId(distinctId: string): boolean {
  const bare = unquote(distinctId)
  return bare.trim() === '' || exactCase.has(bare) || anyCase.has(bare.toLowerCase())
}

function unquote(text: string): string {
  const first = text[0]
  const quoted = text.length >= 2 && (first === '"' || first === "'") && text.endsWith(first)
  return quoted ? text.slice(1, -1) : text
}
