import { Button, Popover, Select, Textarea, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { describeError } from '../../api-client/errors.ts'
import { createVariable, variablesQuery } from '../../api-client/sql.ts'
import { toast } from '../../ui/toasts.tsx'
import classes from './sql.module.css'
import { variableOf, variableTypes } from './variable-values.ts'

const typeWords = { String: 'Text', Number: 'Number', Boolean: 'Yes or no', Date: 'Day', List: 'One of a list' } as const
type VariableType = keyof typeof typeWords

/** Makes a variable that a query names but that does not exist yet. */
export function VariableMaker({ name }: { name: string }) {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="top-start" width={280} shadow="md" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <Button size="compact-sm" variant="default" onClick={() => setOpened(!opened)}>
          Create variable “{name}”
        </Button>
      </Popover.Target>
      <Popover.Dropdown>{opened && <Form name={name} onDone={() => setOpened(false)} />}</Popover.Dropdown>
    </Popover>
  )
}

function Form({ name, onDone }: { name: string; onDone: () => void }) {
  const project = useProject()
  const queryClient = useQueryClient()
  const [type, setType] = useState<VariableType>('String')
  const [text, setText] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const value = variableOf(type, text)
  const make = async () => {
    if (!value) return
    setIsBusy(true)
    try {
      await createVariable(project.id, { name, code_name: name, type, ...value })
      await queryClient.invalidateQueries({ queryKey: variablesQuery(project.id).queryKey })
      onDone()
    } catch (error) {
      toast(`Not made: ${describeError(error).cause}`, 'failed')
    } finally {
      setIsBusy(false)
    }
  }
  return (
    <form
      className={classes.variableForm}
      onSubmit={(event) => {
        event.preventDefault()
        void make()
      }}
    >
      <Select
        size="xs"
        label="Type"
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        data={variableTypes.map((each) => ({ value: each, label: typeWords[each] }))}
        value={type}
        onChange={(chosen) => {
          const found = variableTypes.find((each) => each === chosen)
          if (found) setType(found)
        }}
      />
      {type === 'Boolean' ? (
        <Select
          size="xs"
          label="Default value"
          comboboxProps={{ withinPortal: false }}
          data={['true', 'false']}
          value={value ? text : null}
          onChange={(chosen) => setText(chosen ?? '')}
        />
      ) : type === 'List' ? (
        <Textarea
          size="xs"
          label="Values, one on a line; the first is the default"
          autosize
          minRows={3}
          maxRows={8}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          size="xs"
          label="Default value"
          type={type === 'Date' ? 'date' : 'text'}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <Button type="submit" size="xs" loading={isBusy} disabled={!value}>
        Create
      </Button>
    </form>
  )
}
