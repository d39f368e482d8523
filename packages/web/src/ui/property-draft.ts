import { kindOf } from './property-value.ts'

/** What is typed for a property's value, and how it is meant. */
export interface PropertyDraft {
  as: DraftKind
  text: string
}

export const draftKinds = [
  { value: 'text', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'boolean', label: 'Yes or no' },
  { value: 'json', label: 'List or object' },
] as const
export type DraftKind = (typeof draftKinds)[number]['value']

/** A value as somebody would type it. */
export function draftOf(value: unknown): PropertyDraft {
  const kind = kindOf(value)
  switch (kind) {
    case 'number':
    case 'boolean':
      return { as: kind, text: String(value) }
    case 'list':
    case 'object':
      return { as: 'json', text: JSON.stringify(value) }
    case 'nothing':
      return { as: 'json', text: 'null' }
    case 'text':
    case 'instant':
    case 'link':
      return { as: 'text', text: String(value) }
  }
}

/** The value that is meant, or why it is none. */
export function valueOfDraft({ as, text }: PropertyDraft): { value: unknown } | { fault: string } {
  switch (as) {
    case 'text':
      return { value: text }
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? { value: Number(text) } : { fault: 'This is no number.' }
    case 'boolean':
      return { value: text === 'true' }
    case 'json':
      try {
        return { value: JSON.parse(text) }
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error
        return { fault: 'This is no JSON, e.g. ["a", "b"] or {"a": 1}.' }
      }
  }
}
