import type { VariableBody } from '@hedgerow/protocol'

export const variableTypes = ['String', 'Number', 'Boolean', 'Date', 'List'] as const satisfies readonly VariableBody['type'][]

/** A value as a field shows it. */
export function variableText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** What a variable may be, where that is a choice; empty where anything can be written. */
export function variableChoices({ type, values }: Pick<VariableBody, 'type' | 'values'>): string[] {
  switch (type) {
    case 'Boolean':
      return ['true', 'false']
    case 'List':
      return Array.isArray(values) ? [...new Set(values.map(variableText))] : []
    case 'String':
    case 'Number':
    case 'Date':
      return []
  }
}

/** What was written as the variable's type has it; undefined where it is no such thing. A list's choices stand one on a line. */
export function variableOf(type: VariableBody['type'], text: string): { default_value: unknown; values: string[] | null } | undefined {
  const written = text.trim()
  switch (type) {
    case 'String':
      return { default_value: text, values: null }
    case 'Number':
      return written === '' || Number.isNaN(Number(written)) ? undefined : { default_value: Number(written), values: null }
    case 'Boolean':
      return written === 'true' || written === 'false' ? { default_value: written === 'true', values: null } : undefined
    case 'Date':
      return /^\d{4}-\d{2}-\d{2}$/.test(written) ? { default_value: written, values: null } : undefined
    case 'List': {
      const values = written.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
      return values.length === 0 ? undefined : { default_value: values[0], values }
    }
  }
}
