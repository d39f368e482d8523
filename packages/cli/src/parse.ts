import { parseArgs } from 'node:util'
import { type Command, type OptionSpec, type OptionValues, UsageError } from './command.ts'
import { nearMiss } from './near-miss.ts'

const helpOption: OptionSpec = { flag: 'help', kind: 'switch', help: 'show this help' }

/**
 * Reads a command's options and arguments. Throws {@link UsageError} that names the first mistake and,
 * where one is near, the option that was probably meant.
 */
export function parseOptions(command: Command, args: readonly string[]): { values: OptionValues; args: string[] } {
  const specs = [...command.options, helpOption]
  const byFlag = new Map(specs.map((spec) => [spec.flag, spec]))
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      specs.map((spec) => [
        spec.flag,
        { type: spec.kind === 'switch' ? 'boolean' : 'string', ...(spec === helpOption ? { short: 'h' } : {}) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })

  const values: OptionValues = {}
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const negated = token.name.startsWith('no-') && byFlag.get(token.name.slice(3))?.kind === 'switch'
    const spec = byFlag.get(negated ? token.name.slice(3) : token.name)
    if (!spec) throw unknownOption(command, token.rawName, [...byFlag.keys()])
    values[spec.flag] = optionValue(spec, token.value, negated)
  }
  const surplus = positionals[command.maxArguments ?? 0]
  if (surplus !== undefined) throw new UsageError(`hedgerow ${command.name} does not take the argument "${surplus}".`)
  return { values, args: positionals }
}

function optionValue(spec: OptionSpec, typed: string | undefined, negated: boolean): string | boolean {
  if (spec.kind === 'text') {
    if (typed === undefined || typed === '') {
      throw new UsageError(`--${spec.flag} needs a value: --${spec.flag} <${spec.placeholder ?? 'value'}>.`)
    }
    return typed
  }
  if (typed === undefined) return !negated
  if (!negated && (typed === 'true' || typed === 'false')) return typed === 'true'
  throw new UsageError(`--${spec.flag} is either given or not (or --no-${spec.flag}); "${typed}" is no value for it.`)
}

function unknownOption(command: Command, typed: string, flags: readonly string[]): UsageError {
  const meant = nearMiss(typed.replace(/^-+/, ''), flags)
  const rest = meant ? `Did you mean --${meant}?` : `hedgerow help ${command.name} lists them all.`
  return new UsageError(`Unknown option ${typed}. ${rest}`)
}
