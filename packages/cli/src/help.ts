import { type Command, type OptionSpec, UsageError } from './command.ts'
import { nearMiss } from './near-miss.ts'

const width = 100

/** The list of commands. */
export function overview(commands: readonly Command[]): string {
  const rows = commands.map((command): [string, string] => [`  ${command.name}`, command.summary])
  return [
    'Usage: hedgerow <command> [options]',
    '',
    'Product analytics that a team runs itself.',
    '',
    'Commands:',
    ...columns(rows),
    '',
    'hedgerow help <command> shows a command and its options.',
  ].join('\n')
}

/** One command with its options. */
export function commandHelp(command: Command): string {
  const lines = [`Usage: hedgerow ${command.name}${command.options.length > 0 ? ' [options]' : ''}`, '', command.summary]
  if (command.description) lines.push('', ...wrap(command.description, width))
  if (command.options.length > 0) lines.push('', 'Options:', ...columns(command.options.map(optionRow)))
  return lines.join('\n')
}

function optionRow(option: OptionSpec): [string, string] {
  const value = option.kind === 'text' ? ` <${option.placeholder ?? 'value'}>` : ''
  const notes = [option.defaultText ? `default ${option.defaultText}` : '', option.env ?? ''].filter(Boolean).join('; ')
  return [`  --${option.flag}${value}`, notes ? `${option.help} (${notes})` : option.help]
}

function columns(rows: readonly [string, string][]): string[] {
  const left = Math.min(42, Math.max(...rows.map(([first]) => first.length)) + 2)
  return rows.flatMap(([first, second]) => {
    const [line = '', ...rest] = wrap(second, width - left)
    const indented = rest.map((text) => ' '.repeat(left) + text)
    return first.length + 2 > left ? [first, ' '.repeat(left) + line, ...indented] : [first.padEnd(left) + line, ...indented]
  })
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else {
      line = line ? `${line} ${word}` : word
    }
  }
  return [...lines, line]
}

/** The command of that name. Throws {@link UsageError} with the nearest name if there is none. */
export function findCommand(commands: readonly Command[], name: string): Command {
  const found = commands.find((command) => command.name === name)
  if (found) return found
  const meant = nearMiss(
    name,
    commands.map((command) => command.name),
  )
  throw new UsageError(`Unknown command "${name}". ${meant ? `Did you mean "${meant}"?` : 'hedgerow help lists them all.'}`)
}
