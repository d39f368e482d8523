import { type Setting, SettingError } from './setting.ts'
import { processEnvironment, settings } from './settings.ts'

type ValuesOf<Rows> = { [Name in keyof Rows]: Rows[Name] extends Setting<infer Value> ? Value : ValuesOf<Rows[Name]> }

/** What `createHedgerow` and the server are told, by the names of the settings table. */
export type HedgerowConfig = ValuesOf<typeof settings>

type SettingTree = { readonly [name: string]: Setting | SettingTree }
export interface NamedSetting extends Setting {
  /** Where it stands in the config: `port`, `capture.maxBodyBytes`. */
  name: string
}

/** All rows of the table, in order. */
export const settingRows: readonly NamedSetting[] = rowsOf(settings as unknown as SettingTree, [])

function rowsOf(tree: SettingTree, path: string[]): NamedSetting[] {
  return Object.entries(tree).flatMap(([name, node]) => {
    const here = [...path, name]
    return isSetting(node) ? [{ ...node, name: here.join('.') }] : rowsOf(node, here)
  })
}

function isSetting(node: Setting | SettingTree): node is Setting {
  return typeof node.env === 'string' && typeof node.read === 'function'
}

/** Options of the command line by flag; text, or true or false for a switch. */
export type FlagValues = Record<string, string | boolean | undefined>

/**
 * The config: an option of the command line, else the environment, else the default. Throws {@link SettingError}
 * for the first value that cannot be read.
 */
export function readConfig(flags: FlagValues = {}, environment = processEnvironment()): HedgerowConfig {
  return valuesOf(settings as unknown as SettingTree, environment, flags) as HedgerowConfig
}

/** A config of defaults alone, with some values changed: for programs that embed Hedgerow, and for tests. */
export function configWith(changes: Partial<HedgerowConfig>): HedgerowConfig {
  return { ...readConfig({}, {}), ...changes }
}

function valuesOf(tree: SettingTree, environment: Record<string, string | undefined>, flags: FlagValues): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tree).map(([name, node]) => [
      name,
      isSetting(node) ? settingValue(node, environment, flags) : valuesOf(node, environment, flags),
    ]),
  )
}

function settingValue(setting: Setting, environment: Record<string, string | undefined>, flags: FlagValues): unknown {
  const flagged = setting.flag === undefined ? undefined : flags[setting.flag]
  if (flagged !== undefined) return read(setting, `--${setting.flag}`, String(flagged))
  const typed = environment[setting.env]
  return typed === undefined ? setting.default : read(setting, setting.env, typed)
}

function read(setting: Setting, name: string, typed: string): unknown {
  try {
    return setting.read(typed)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new SettingError(setting.isSecret ? `${name} ${error.message}.` : `${name} is "${typed}": it ${error.message}.`)
  }
}

/** `HEDGEROW_…` variables that no setting has, each with the one that was probably meant: worth a warning at start. */
export function unknownVariables(environment = processEnvironment()): { name: string; meant?: string }[] {
  const known = new Set(settingRows.map((row) => row.env))
  return Object.keys(environment)
    .filter((name) => name.startsWith('HEDGEROW_') && !name.startsWith('HEDGEROW_TEST_') && !known.has(name))
    .map((name) => {
      const meant = [...known].find((other) => other.replaceAll('_', '') === name.replaceAll('_', ''))
      return meant === undefined ? { name } : { name, meant }
    })
}
