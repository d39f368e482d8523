import { z } from 'zod'
import type { CreatorBody } from './cohorts.ts'
import { booleanText, instantText, pageQuery } from './fields.ts'
import { storedText } from './stored-text.ts'

const scopes = ['project', 'organization', 'dashboard', 'dashboard_item'] as const
const id = z.int({ error: 'must be a whole number' }).positive('must be the id of an object')

const annotationFields = z.object({
  content: storedText(8192).min(1, 'must not be empty'),
  date_marker: z.string({ error: 'must be an ISO 8601 time' }).max(40).pipe(instantText),
  scope: z.enum(scopes, { error: `must be one of ${scopes.join(', ')}` }),
  creation_type: z.enum(['USR', 'GIT'], { error: 'must be USR or GIT' }),
  /** The insight that it belongs to, with the scope `dashboard_item`. */
  dashboard_item: id.nullable(),
  /** The dashboard that it belongs to, with the scope `dashboard`. */
  dashboard_id: id.nullable(),
  deleted: z.boolean({ error: 'must be true or false' }),
})

/** `POST /annotations/` */
export const newAnnotation = annotationFields.partial().required({ content: true })
export type NewAnnotation = z.infer<typeof newAnnotation>

/** `PATCH /annotations/:id/` */
export const annotationChange = annotationFields.partial()
export type AnnotationChange = z.infer<typeof annotationChange>

/** `GET /annotations/` */
export const annotationsQuery = pageQuery.extend({
  search: z.string().max(400).optional(),
  scope: z.enum(scopes, { error: `must be one of ${scopes.join(', ')}` }).optional(),
  date_from: instantText.optional(),
  date_to: instantText.optional(),
  dashboard_item: z
    .string()
    .regex(/^\d{1,9}$/, 'must be an id')
    .transform(Number)
    .optional(),
  deleted: booleanText.default(false),
})

export interface AnnotationBody {
  id: number
  content: string
  date_marker: string
  scope: string
  creation_type: string
  dashboard_item: number | null
  dashboard_id: number | null
  deleted: boolean
  created_by: CreatorBody | null
  created_at: string
  updated_at: string
}

export const variableTypes = ['String', 'Number', 'Boolean', 'List', 'Date'] as const

const variableFields = z.object({
  name: storedText(400).trim().min(1, 'must not be empty'),
  /** By which SQL names it; made of the name where absent. */
  code_name: storedText(400).regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name of letters, digits and _, as SQL writes it'),
  type: z.enum(variableTypes, { error: `must be one of ${variableTypes.join(', ')}` }),
  default_value: z.union([z.string().max(10_000), z.number(), z.boolean(), z.array(z.unknown()).max(1000), z.null()], {
    error: 'must be text, a number, a boolean, a list or null',
  }),
  /** What a List may be. */
  values: z
    .array(z.union([z.string(), z.number()]), { error: 'must be a list of texts or numbers' })
    .max(1000)
    .nullable(),
})

/** `POST /insight_variables/` */
export const newVariable = variableFields.partial().required({ name: true, type: true })
export type NewVariable = z.infer<typeof newVariable>

/** `PATCH /insight_variables/:id/` */
export const variableChange = variableFields.partial()
export type VariableChange = z.infer<typeof variableChange>

export const variablesQuery = pageQuery

/** `{variables.code_name}` of SQL. */
export interface VariableBody {
  id: string
  name: string
  code_name: string
  type: (typeof variableTypes)[number]
  default_value: unknown
  values: unknown
  created_by: CreatorBody | null
  created_at: string
}
