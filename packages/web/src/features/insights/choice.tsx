import { ChevronDownIcon } from '../../ui/icons.tsx'
import { PickList, type PickOption } from '../../ui/pick-list.tsx'

interface ChoiceProps<Value extends string> {
  label: string
  value: Value
  options: readonly (Omit<PickOption, 'value'> & { value: Value })[]
  onChange: (value: Value) => void
  width?: number
  className?: string | undefined
}

/** One of a few, in a button that says which. */
export function Choice<Value extends string>({ label, value, options, onChange, width = 240, className }: ChoiceProps<Value>) {
  const chosen = options.find((option) => option.value === value)
  return (
    <PickList
      label={`${label}: ${chosen?.label ?? value}`}
      hasSearch={options.length > 12}
      width={width}
      value={value}
      className={className}
      groups={[{ label: '', options: [...options] }]}
      onPick={(picked) => {
        const found = options.find((option) => option.value === picked)
        if (found) onChange(found.value)
      }}
    >
      {chosen?.label ?? value}
      <ChevronDownIcon size={14} />
    </PickList>
  )
}
