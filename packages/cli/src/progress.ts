import type { Terminal } from './command.ts'

const barWidth = 30

/** Shows how far something has come: one line that is written over on a terminal, else a line for each tenth. */
export interface Progress {
  /** `fraction` from 0 to 1; `detail` says it in the thing's own units. */
  show(fraction: number, detail: string): void
  end(): void
}

export function createProgress(label: string, terminal: Terminal): Progress {
  let shownTenth = -1
  let lastLine = ''
  return {
    show(fraction, detail) {
      const done = Math.min(1, Math.max(0, fraction))
      const percent = `${Math.floor(done * 100)} %`
      if (terminal.isInteractive) {
        const filled = Math.round(done * barWidth)
        const line = `${label} ${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${percent.padStart(5)}  ${detail}`
        terminal.write(`\r${line.padEnd(lastLine.length)}`)
        lastLine = line
        return
      }
      const tenth = Math.floor(done * 10)
      if (tenth <= shownTenth) return
      shownTenth = tenth
      terminal.err(`${label} ${percent}, ${detail}`)
    },
    end() {
      if (lastLine) terminal.write('\n')
      lastLine = ''
    },
  }
}
