import { type Terminal, UsageError } from './command.ts'
import { commands } from './commands.ts'
import { commandHelp, findCommand, overview } from './help.ts'
import { parseOptions } from './parse.ts'

/**
 * Runs one command line and returns its exit code: 0 if it did what was asked, 1 if it could not,
 * 2 for a mistake in the command line.
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = 'help', ...rest] = args
  try {
    if (name === '--help' || name === '-h') {
      terminal.out(overview(commands))
      return 0
    }
    const command = findCommand(commands, name === '--version' || name === '-v' ? 'version' : name)
    const parsed = parseOptions(command, rest)
    if (parsed.values.help) {
      terminal.out(commandHelp(command))
      return 0
    }
    return await command.run(parsed.values, parsed.args, terminal)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    terminal.err(error.message)
    return 2
  }
}
