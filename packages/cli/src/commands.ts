import type { Command } from './command.ts'
import { demoCommand } from './demo.ts'
import { experimentCommand } from './experiment.ts'
import { flagsCommand } from './flags.ts'
import { healthCommand } from './health.ts'
import { commandHelp, findCommand, overview } from './help.ts'
import { startCommand } from './start.ts'
import { statsCommand } from './stats.ts'
import { versionCommand } from './version.ts'

const helpCommand: Command = {
  name: 'help',
  summary: 'list the commands, or show one with its options',
  options: [],
  maxArguments: 1,
  async run(_values, [name], terminal) {
    terminal.out(name === undefined ? overview(commands) : commandHelp(findCommand(commands, name)))
    return 0
  },
}

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  startCommand,
  demoCommand,
  healthCommand,
  statsCommand,
  experimentCommand,
  flagsCommand,
  versionCommand,
  helpCommand,
]
