export type { Command, OptionSpec } from './command.ts'
export { commands } from './commands.ts'
export { commandHelp, overview } from './help.ts'
