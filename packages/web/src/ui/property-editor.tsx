import { Button, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { describeError } from '../api-client/errors.ts'
import { type DraftKind, draftKinds, draftOf, valueOfDraft } from './property-draft.ts'
import classes from './property-editor.module.css'

interface PropertyEditorProps {
  /** Absent where the name is still to be said. */
  name?: string
  value: unknown
  /** Resolves once it is kept; the editor then closes. */
  onSave: (name: string, value: unknown) => Promise<unknown>
  onClose: () => void
}

/** Sets a property: its value, what kind of value that is and, for a new one, its name. */
export function PropertyEditor({ name: known, value, onSave, onClose }: PropertyEditorProps) {
  const [name, setName] = useState(known ?? '')
  const [draft, setDraft] = useState(draftOf(value))
  const [fault, setFault] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)
  const of = known === undefined ? 'the new property' : known.slice(0, 60)
  const save = async () => {
    const meant = valueOfDraft(draft)
    if ('fault' in meant) return setFault(meant.fault)
    if (name.trim() === '') return setFault('A property needs a name.')
    setIsBusy(true)
    try {
      await onSave(name.trim(), meant.value)
      onClose()
    } catch (error) {
      setFault(describeError(error).cause)
      setIsBusy(false)
    }
  }
  return (
    <form
      className={classes.editor}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
    >
      {known === undefined && (
        <TextInput
          className={classes.name ?? ''}
          size="xs"
          aria-label="Name of the new property"
          placeholder="Name"
          maxLength={400}
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          ref={(element) => focusOnce(element)}
        />
      )}
      <Select
        className={classes.kind ?? ''}
        size="xs"
        aria-label={`Kind of value of ${of}`}
        data={[...draftKinds]}
        allowDeselect={false}
        value={draft.as}
        onChange={(as) => setDraft({ as: as as DraftKind, text: as === 'boolean' ? String(draft.text === 'true') : draft.text })}
      />
      {draft.as === 'boolean' ? (
        <SegmentedControl
          size="xs"
          aria-label={`Value of ${of}`}
          value={draft.text === 'true' ? 'true' : 'false'}
          onChange={(text) => setDraft({ ...draft, text })}
          data={[
            { value: 'true', label: 'Yes' },
            { value: 'false', label: 'No' },
          ]}
        />
      ) : (
        <TextInput
          className={classes.value ?? ''}
          size="xs"
          aria-label={`Value of ${of}`}
          placeholder="Value"
          spellCheck={false}
          value={draft.text}
          onChange={(event) => {
            setDraft({ ...draft, text: event.currentTarget.value })
            setFault(undefined)
          }}
          ref={(element) => {
            if (known !== undefined) focusOnce(element)
          }}
        />
      )}
      <Button type="submit" size="compact-sm" loading={isBusy}>
        Set
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onClose}>
        Cancel
      </Button>
      {fault && (
        <p className={classes.fault} role="alert">
          {fault}
        </p>
      )}
    </form>
  )
}

const focused = new WeakSet<HTMLElement>()

/** Where one types next, as soon as it is there. */
function focusOnce(element: HTMLInputElement | null): void {
  if (!element || focused.has(element)) return
  focused.add(element)
  element.focus()
}
