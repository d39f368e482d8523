import { Checkbox, Group } from '@mantine/core'

type DefinitionState = 'verified' | 'hidden'

interface StateFilterProps {
  state: DefinitionState | undefined
  onChange: (state: DefinitionState | undefined) => void
}

/** Verified names alone, or the hidden ones too. */
export function StateFilter({ state, onChange }: StateFilterProps) {
  const box = (label: string, of: DefinitionState) => (
    <Checkbox size="xs" label={label} checked={state === of} onChange={(event) => onChange(event.currentTarget.checked ? of : undefined)} />
  )
  return (
    <Group gap="md" wrap="nowrap">
      {box('Verified', 'verified')}
      {box('Hidden too', 'hidden')}
    </Group>
  )
}
