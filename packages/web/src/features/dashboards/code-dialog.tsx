import type { DashboardBody } from '@hedgerow/protocol'
import { Button, Group, Modal, Stack } from '@mantine/core'
import { CodeBlock } from '../../ui/code-block.tsx'
import { fileName, offerFile } from '../../ui/offer-file.ts'
import { dashboardCode } from './dashboard-code.ts'
import type { Placed } from './layout.ts'

interface CodeDialogProps {
  dashboard: DashboardBody
  places: readonly Placed[]
  onClose: () => void
}

/** The dashboard as YAML, to be read, copied, or kept in a repository. */
export function CodeDialog({ dashboard, places, onClose }: CodeDialogProps) {
  const code = dashboardCode(dashboard, places)
  const file = fileName(dashboard.name, 'yaml')
  return (
    <Modal opened onClose={onClose} title="As YAML" size="xl">
      <Stack gap="md">
        <CodeBlock code={code} language="yaml" caption={file} />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => offerFile(new Blob([code], { type: 'application/yaml' }), file)}>
            Save as a file
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
