import { useProject } from '../../api-client/current-project.tsx'
import { Page } from '../../ui/page.tsx'
import { ExplainPanel } from './explain-panel.tsx'
import type { ExplainSearch } from './flags-search.ts'

interface ExplainFlagsPageProps {
  search: ExplainSearch
  onSearch: (change: ExplainSearch) => void
}

/** Every flag's answer for somebody. */
export function ExplainFlagsPage({ search, onSearch }: ExplainFlagsPageProps) {
  const project = useProject()
  return (
    <Page
      title="Explain flags"
      crumbs={[{ label: 'Feature flags', to: '/project/$projectId/flags', params: { projectId: String(project.id) } }]}
    >
      <ExplainPanel projectId={project.id} search={search} onSearch={onSearch} />
    </Page>
  )
}
