import type { ExperimentStatusName } from '@hedgerow/protocol'
import { Badge } from '@mantine/core'
import { statusLabels } from './words.ts'

const colors: Record<ExperimentStatusName, string> = { draft: 'gray', running: 'hedge', paused: 'yellow', stopped: 'gray' }

export function StatusBadge({ status }: { status: ExperimentStatusName }) {
  return (
    <Badge variant={status === 'running' ? 'light' : 'outline'} color={colors[status]} size="sm" radius="sm">
      {statusLabels[status]}
    </Badge>
  )
}
