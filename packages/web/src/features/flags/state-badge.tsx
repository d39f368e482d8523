import type { FlagBody } from '@hedgerow/protocol'
import { Badge } from '@mantine/core'
import { type FlagState, stateLabels, stateOf } from './flag-words.ts'

const colors: Record<FlagState, string> = { enabled: 'hedge', everyone: 'hedge', disabled: 'gray', archived: 'gray', stale: 'yellow' }

export function StateBadge({ flag }: { flag: FlagBody }) {
  const state = stateOf(flag)
  return (
    <Badge variant={state === 'enabled' || state === 'everyone' ? 'light' : 'outline'} color={colors[state]} size="sm" radius="sm">
      {stateLabels[state]}
    </Badge>
  )
}
