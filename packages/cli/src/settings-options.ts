import { type HedgerowConfig, readConfig, SettingError, settingRows, unknownVariables } from '@hedgerow/platform'
import { type OptionSpec, type OptionValues, type Terminal, UsageError } from './command.ts'

/** The settings that have an option, as options. */
export const settingOptions: readonly OptionSpec[] = settingRows.flatMap(({ flag, kind, help, env, placeholder, default: byDefault }) =>
  flag === undefined
    ? []
    : [
        {
          flag,
          kind: kind === 'switch' ? ('switch' as const) : ('text' as const),
          help,
          env,
          ...(placeholder === undefined ? {} : { placeholder }),
          ...(isShown(byDefault) ? { defaultText: String(byDefault) } : {}),
        },
      ],
)

/** "No", "none" and "nothing" go without saying. */
function isShown(value: unknown): boolean {
  return value !== undefined && value !== false && value !== '' && !(Array.isArray(value) && value.length === 0)
}

/** The config from options and environment. A value that cannot be read is a {@link UsageError}. */
export function configFrom(values: OptionValues, terminal: Terminal): HedgerowConfig {
  for (const { name, meant } of unknownVariables()) {
    terminal.err(`Warning: there is no setting ${name}${meant ? `; did you mean ${meant}?` : '.'}`)
  }
  try {
    return readConfig(values)
  } catch (error) {
    if (!(error instanceof SettingError)) throw error
    throw new UsageError(error.message, { cause: error })
  }
}
