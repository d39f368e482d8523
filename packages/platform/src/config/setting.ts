/** One row of the settings table. `Value` is what a row gives to the config. */
export interface Setting<Value = unknown> {
  env: string
  /** As typed on the command line, less the dashes; absent for what must not stand in a process list, and for limits. */
  flag?: string
  kind: SettingKind
  /** What stands for the value in the command's help. */
  placeholder?: string
  default: Value
  help: string
  /** Never shown: neither its value nor in an error message. */
  isSecret?: boolean
  /** Turns text into the value; throws an Error whose message says what would be right. */
  read(text: string): Value
}

export type SettingKind = 'text' | 'integer' | 'switch' | 'list'

/** A setting that cannot be read. The message names it, its value and what would be right. */
export class SettingError extends Error {
  readonly code = 'invalid_setting'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SettingError'
  }
}

type Row = Omit<Setting, 'kind' | 'read' | 'default'>

export function text(row: Row & { default: string; check?: (value: string) => string | undefined }): Setting<string> {
  const { check, ...rest } = row
  return { ...rest, kind: 'text', read: (typed) => checked(typed, check) }
}

/** Text that may be absent. */
export function optionalText(row: Row & { check?: (value: string) => string | undefined }): Setting<string | undefined> {
  const { check, ...rest } = row
  // why: `HEDGEROW_DATABASE_URL=` in an environment file means "none", as a missing line does.
  return { ...rest, kind: 'text', default: undefined, read: (typed) => (typed === '' ? undefined : checked(typed, check)) }
}

export function integer(row: Row & { default: number; min?: number; max?: number }): Setting<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, ...rest } = row
  const read = (typed: string) => {
    const value = /^\d[\d_]*$/.test(typed) ? Number(typed.replaceAll('_', '')) : Number.NaN
    if (value >= min && value <= max) return value
    throw new Error(max === Number.MAX_SAFE_INTEGER ? `must be a whole number from ${min}` : `must be a whole number from ${min} to ${max}`)
  }
  return { ...rest, kind: 'integer', placeholder: rest.placeholder ?? 'number', read }
}

export function toggle(row: Row & { default: boolean }): Setting<boolean> {
  const read = (typed: string) => {
    if (['1', 'true', 'yes', 'on'].includes(typed.toLowerCase())) return true
    if (['', '0', 'false', 'no', 'off'].includes(typed.toLowerCase())) return false
    throw new Error('must be true or false')
  }
  return { ...row, kind: 'switch', read }
}

/** Comma-separated. */
export function list(row: Row & { check?: (value: string) => string | undefined }): Setting<string[]> {
  const { check, ...rest } = row
  const read = (typed: string) =>
    typed
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => checked(part, check))
  return { ...rest, kind: 'list', default: [], read }
}

function checked(value: string, check?: (value: string) => string | undefined): string {
  const complaint = check?.(value)
  if (complaint !== undefined) throw new Error(complaint)
  return value
}

/** A package's published limits as rows: `HEDGEROW_` + prefix + the name in capitals. Every name must have its help. */
export function limits<Defaults extends object>(
  prefix: string,
  defaults: Defaults,
  help: { [Name in keyof Defaults]-?: string },
): { [Name in keyof Defaults]: Setting<Defaults[Name]> } {
  const rows = Object.entries(defaults).map(([name, value]) => [
    name,
    limitRow(['HEDGEROW', ...(prefix ? [prefix] : []), capitals(name)].join('_'), value, help[name as keyof Defaults]),
  ])
  return Object.fromEntries(rows)
}

function limitRow(env: string, value: unknown, help: string): Setting {
  if (typeof value === 'number') return integer({ env, default: value, help })
  if (typeof value === 'boolean') return toggle({ env, default: value, help })
  if (typeof value === 'string') return text({ env, default: value, help })
  throw new TypeError(`${env}: a limit is a number, a switch or text, not ${typeof value}`)
}

/** `maxEntryBytes` → `MAX_ENTRY_BYTES` */
const capitals = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()
