/** Where a command reads and writes; the process's own unless a test gives others. */
export interface Terminal {
  out(line: string): void
  err(line: string): void
  /** Standard error is a terminal, on which a line can be written over. */
  isInteractive: boolean
  /** All of standard input. */
  read(): Promise<string>
  /** Writes without a line break, for progress. */
  write(text: string): void
}

export interface OptionSpec {
  /** As typed, less the dashes: `data-dir`. */
  flag: string
  kind: 'text' | 'switch'
  help: string
  /** What the value stands for in the help: `--port <number>`. */
  placeholder?: string
  /** Shown in the help. */
  defaultText?: string
  /** The environment variable that says the same. */
  env?: string
}

/** Options by flag as typed: text, or true for a switch (false after `--no-…`). */
export type OptionValues = Record<string, string | boolean>

export interface Command {
  name: string
  summary: string
  /** Longer text for `hedgerow help <command>`. */
  description?: string
  options: readonly OptionSpec[]
  /** At most this many arguments that are not options; none unless said. */
  maxArguments?: number
  /** Returns the exit code. Throws {@link UsageError} for a mistake in the arguments. */
  run(values: OptionValues, args: readonly string[], terminal: Terminal): Promise<number>
}

/** A mistake in what was typed; its message is the whole output, and the exit code is 2. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'UsageError'
  }
}
