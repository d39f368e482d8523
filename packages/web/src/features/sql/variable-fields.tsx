import type { VariableBody } from '@hedgerow/protocol'
import { Select, TextInput } from '@mantine/core'
import classes from './sql.module.css'
import { VariableMaker } from './variable-maker.tsx'
import { variableChoices, variableText } from './variable-values.ts'

interface VariableFieldsProps {
  /** Names that the query uses. */
  names: readonly string[]
  variables: readonly VariableBody[]
  values: Readonly<Record<string, string>>
  onValue: (name: string, value: string) => void
}

/** A field for each variable of the query; one that does not exist yet can be made. */
export function VariableFields({ names, variables, values, onValue }: VariableFieldsProps) {
  return (
    <div className={classes.variables}>
      {names.map((name) => {
        const known = variables.find(({ code_name: code }) => code === name)
        if (!known) return <VariableMaker key={name} name={name} />
        return (
          <div key={name} className={classes.variable}>
            <span>{known.name}</span>
            <VariableField variable={known} value={values[name]} onValue={(value) => onValue(name, value)} />
          </div>
        )
      })}
    </div>
  )
}

interface VariableFieldProps {
  variable: VariableBody
  /** Undefined: its default. */
  value: string | undefined
  onValue: (value: string) => void
}

function VariableField({ variable, value, onValue }: VariableFieldProps) {
  const text = value ?? variableText(variable.default_value)
  const choices = variableChoices(variable)
  if (choices.length > 0)
    return (
      <Select
        size="xs"
        w={150}
        aria-label={variable.name}
        data={choices}
        value={choices.includes(text) ? text : null}
        onChange={(chosen) => chosen !== null && onValue(chosen)}
      />
    )
  return (
    <TextInput
      size="xs"
      w={150}
      aria-label={variable.name}
      type={variable.type === 'Date' ? 'date' : 'text'}
      inputMode={variable.type === 'Number' ? 'decimal' : undefined}
      error={variable.type === 'Number' && text.trim() !== '' && Number.isNaN(Number(text))}
      value={text}
      onChange={(event) => onValue(event.currentTarget.value)}
    />
  )
}
