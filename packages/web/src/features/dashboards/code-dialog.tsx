import { Button, Group, Modal, Stack } from '@mantine/core'
import { CodeBlock } from '../../ui/code-block.tsx'
import { fileName, offerFile } from '../../ui/offer-file.ts'

interface CodeDialogProps {
  name: string
  /** Of the dashboard; undefined while nobody asks for it. */
  code: string | undefined
  onClose: () => void
}

/** The dashboard as YAML, to be read, copied, or kept in a repository. */
export function CodeDialog({ name, code, onClose }: CodeDialogProps) {
  return (
    <Modal opened={code !== undefined} onClose={onClose} title="As YAML" size="xl">
      {code !== undefined && (
        <Stack gap="md">
          <CodeBlock code={code} language="yaml" caption={fileName(name, 'yaml')} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => offerFile(new Blob([code], { type: 'application/yaml' }), fileName(name, 'yaml'))}>
              Save as a file
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
