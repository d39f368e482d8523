import type { Scope, ScopeObject } from '@hedgerow/protocol'

/** Whether scopes allow an action; `*` allows all, `write` allows `read`. */
export function scopesAllow(scopes: readonly Scope[], needed: `${ScopeObject}:${'read' | 'write'}`): boolean {
  const [object] = needed.split(':')
  return scopes.some((scope) => scope === '*' || scope === needed || scope === `${object}:write`)
}
