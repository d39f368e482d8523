import { useNavigate } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { Page } from '../../ui/page.tsx'
import { toast } from '../../ui/toasts.tsx'
import { FlagEditor } from './flag-editor.tsx'

export function NewFlagPage() {
  const project = useProject()
  const navigate = useNavigate()
  return (
    <Page
      title="New feature flag"
      crumbs={[{ label: 'Feature flags', to: '/project/$projectId/flags', params: { projectId: String(project.id) } }]}
    >
      <FlagEditor
        onSaved={(flag) => {
          toast(`${flag.key} was created`)
          void navigate({ to: `/project/${project.id}/flags/${flag.id}` })
        }}
      />
    </Page>
  )
}
