import { JsonInput, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { Panel } from '../../ui/page.tsx'
import type { FeatureDraft, FeatureProblem } from './feature-form.ts'
import { stages } from './stages.ts'

interface FeatureFieldsProps {
  draft: FeatureDraft
  problems: readonly FeatureProblem[]
  onChange: (change: Partial<FeatureDraft>) => void
}

/** What people are shown of a feature, and how far it is. */
export function FeatureFields({ draft, problems, onChange }: FeatureFieldsProps) {
  const problem = (field: FeatureProblem['field']) => problems.find((each) => each.field === field)?.text
  const stage = stages.find(({ value }) => value === draft.stage)
  return (
    <Panel title="What is it?">
      <Stack gap="md">
        <TextInput
          label="Name"
          value={draft.name}
          error={problem('name')}
          maxLength={200}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <Textarea
          label="Description"
          description="Your app can show it where people opt in."
          autosize
          minRows={2}
          value={draft.description}
          onChange={(event) => onChange({ description: event.currentTarget.value })}
        />
        <Select
          label="Stage"
          description={stage?.about}
          allowDeselect={false}
          value={draft.stage}
          data={stages.map(({ value, label }) => ({ value, label }))}
          onChange={(value) => onChange({ stage: stages.find((each) => each.value === value)?.value ?? draft.stage })}
        />
        <TextInput
          label="Documentation"
          placeholder="https://"
          value={draft.documentationUrl}
          error={problem('documentationUrl')}
          maxLength={800}
          onChange={(event) => onChange({ documentationUrl: event.currentTarget.value })}
        />
        <JsonInput
          label="Payload"
          description="JSON that your app gets along with the feature; none is needed."
          placeholder='{"icon": "sparkles"}'
          autosize
          minRows={1}
          maxRows={12}
          value={draft.payload}
          error={problem('payload')}
          onChange={(payload) => onChange({ payload })}
        />
      </Stack>
    </Panel>
  )
}
