import { ActionIcon, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { CrossIcon, SearchIcon } from './icons.tsx'
import classes from './search-field.module.css'

interface SearchFieldProps {
  /** What the address holds. */
  value: string | undefined
  /** Called a moment after typing, with trimmed text; `undefined` when empty. */
  onChange: (text: string | undefined) => void
  placeholder: string
  label: string
}

/** A field that filters what stands below it, while one types. */
export function SearchField({ value, onChange, placeholder, label }: SearchFieldProps) {
  const [text, setText] = useState(value ?? '')
  const settle = (typed: string) => onChange(typed.trim() === '' ? undefined : typed.trim())
  const settleLater = useDebouncedCallback(settle, 250)
  // The address can change without typing: back, a link, "show everything".
  useEffect(() => setText((typed) => (typed.trim() === (value ?? '') ? typed : (value ?? ''))), [value])
  return (
    <TextInput
      className={classes.field}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        settleLater(event.currentTarget.value)
      }}
      placeholder={placeholder}
      aria-label={label}
      spellCheck={false}
      leftSection={<SearchIcon size={15} />}
      rightSection={
        text !== '' && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label="Clear"
            onClick={() => {
              setText('')
              onChange(undefined)
            }}
          >
            <CrossIcon size={14} />
          </ActionIcon>
        )
      }
    />
  )
}
