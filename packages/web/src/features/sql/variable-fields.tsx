import type { VariableBody } from '@hedgerow/protocol'
import { Button, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useProject } from '../../api-client/current-project.tsx'
import { describeError } from '../../api-client/errors.ts'
import { createVariable, variablesQuery } from '../../api-client/sql.ts'
import { toast } from '../../ui/toasts.tsx'
import classes from './sql.module.css'

interface VariableFieldsProps {
  /** Names that the query uses. */
  names: readonly string[]
  variables: readonly VariableBody[]
  values: Readonly<Record<string, string>>
  onValue: (name: string, value: string) => void
}

/** A field for each variable of the query; one that does not exist yet can be made. */
export function VariableFields({ names, variables, values, onValue }: VariableFieldsProps) {
  const project = useProject()
  const queryClient = useQueryClient()
  const make = async (name: string) => {
    try {
      await createVariable(project.id, { name, code_name: name, type: 'String', default_value: '' })
      await queryClient.invalidateQueries({ queryKey: variablesQuery(project.id).queryKey })
    } catch (error) {
      toast(`Not made: ${describeError(error).cause}`, 'failed')
    }
  }
  return (
    <div className={classes.variables}>
      {names.map((name) => {
        const known = variables.find(({ code_name: code }) => code === name)
        if (!known)
          return (
            <Button key={name} size="compact-sm" variant="default" onClick={() => void make(name)}>
              Make the variable {name}
            </Button>
          )
        return (
          <div key={name} className={classes.variable}>
            <span>{known.name}</span>
            <TextInput
              size="xs"
              aria-label={known.name}
              value={values[name] ?? (known.default_value === null ? '' : String(known.default_value))}
              onChange={(event) => onValue(name, event.currentTarget.value)}
            />
          </div>
        )
      })}
    </div>
  )
}
