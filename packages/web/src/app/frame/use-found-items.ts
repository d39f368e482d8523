import { useQueries } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type Findable, foundQuery } from '../../api-client/finding.ts'
import { eventLabel } from '../../ui/event-name.ts'
import type { PaletteGroup, PaletteItem } from './palette-items.ts'

const kinds: readonly { of: Findable; group: PaletteGroup; page: (id: string) => string }[] = [
  { of: 'insights', group: 'Insights', page: (id) => `insights/${id}` },
  { of: 'dashboards', group: 'Dashboards', page: (id) => `dashboards/${id}` },
  { of: 'persons', group: 'Persons', page: (id) => `persons/${id}` },
  { of: 'cohorts', group: 'Cohorts', page: (id) => `cohorts/${id}` },
  { of: 'actions', group: 'Actions', page: (id) => `actions/${id}` },
  { of: 'feature_flags', group: 'Flags', page: (id) => `flags/${id}` },
  { of: 'experiments', group: 'Experiments', page: (id) => `experiments/${id}` },
  { of: 'event_definitions', group: 'Events', page: (id) => `data/events/${id}` },
  { of: 'property_definitions', group: 'Properties', page: (id) => `data/properties/${id}` },
]

/** What the server finds by name. A kind that cannot be searched is left out; the others still stand. */
export function useFoundItems(projectId: number | undefined, search: string): { items: PaletteItem[]; isLoading: boolean } {
  const navigate = useNavigate()
  const isAsked = projectId !== undefined && search.length > 1
  const answers = useQueries({ queries: kinds.map(({ of }) => ({ ...foundQuery(projectId ?? 0, of, search), enabled: isAsked })) })
  if (!isAsked) return { items: [], isLoading: false }
  const items = kinds.flatMap(({ of, group, page }, index) =>
    (answers[index]?.data ?? []).map((found): PaletteItem => {
      const name = (of === 'feature_flags' && found.key) || found.name || found.derived_name || 'Untitled'
      return {
        id: `${of}-${found.id}`,
        group,
        label: of === 'event_definitions' ? eventLabel(name) : name,
        run: () => void navigate({ href: `/project/${projectId}/${page(encodeURIComponent(found.short_id ?? found.id))}` }),
      }
    }),
  )
  return { items, isLoading: answers.some(({ isFetching }) => isFetching) }
}
