import type { Scope, ScopeObject } from '@hedgerow/protocol'

export type Access = 'none' | 'read' | 'write'

/** What a key can be allowed, in the order of the form. */
export const offeredObjects: { object: ScopeObject; label: string }[] = [
  { object: 'query', label: 'Queries' },
  { object: 'insight', label: 'Insights' },
  { object: 'dashboard', label: 'Dashboards' },
  { object: 'annotation', label: 'Annotations' },
  { object: 'feature_flag', label: 'Feature flags' },
  { object: 'experiment', label: 'Experiments' },
  { object: 'person', label: 'Persons' },
  { object: 'cohort', label: 'Cohorts' },
  { object: 'group', label: 'Groups' },
  { object: 'event_definition', label: 'Event definitions' },
  { object: 'property_definition', label: 'Property definitions' },
  { object: 'action', label: 'Actions' },
  { object: 'ingestion', label: 'Ingestion' },
  { object: 'project', label: 'Projects' },
  { object: 'organization', label: 'Organization and its members' },
  { object: 'user', label: 'Your account' },
]

/** The scopes for a choice by object; everything is `*`. Write includes read, so one of them is enough. */
export function scopesOf(access: 'all' | Partial<Record<ScopeObject, Access>>): Scope[] {
  if (access === 'all') return ['*']
  return offeredObjects.flatMap(({ object }): Scope[] => {
    const allowed = access[object] ?? 'none'
    return allowed === 'none' ? [] : [`${object}:${allowed}`]
  })
}

/** Scopes in words: `Everything`, `Reads queries, persons; changes projects`. */
export function scopeWords(scopes: readonly Scope[]): string {
  if (scopes.includes('*')) return 'Everything'
  const named = (action: 'read' | 'write') =>
    scopes
      .filter((scope) => scope.endsWith(`:${action}`))
      .map((scope) => {
        const object = scope.slice(0, scope.indexOf(':'))
        return (offeredObjects.find((each) => each.object === object)?.label ?? object.replaceAll('_', ' ')).toLowerCase()
      })
      .join(', ')
  const reads = named('read')
  const changes = named('write')
  const words = [reads && `reads ${reads}`, changes && `changes ${changes}`].filter(Boolean).join('; ')
  return words === '' ? 'Nothing' : words.charAt(0).toUpperCase() + words.slice(1)
}
