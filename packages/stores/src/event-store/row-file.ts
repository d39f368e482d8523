import { randomUUID } from 'node:crypto'
import { open, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Lends the rows to the engine as a file. It has lost its name before anything is written, so that nothing is left behind however the
 * process ends, and its pages are seldom written to a disk before they are given up.
 */
export async function withRowFile<Result>(directory: string, rows: Uint8Array, act: (path: string) => Promise<Result>): Promise<Result> {
  const name = join(directory, `rows-${randomUUID()}`)
  const file = await open(name, 'wx+')
  try {
    await unlink(name)
    for (let written = 0; written < rows.byteLength; ) {
      const { bytesWritten } = await file.write(rows, written, rows.byteLength - written, written)
      written += bytesWritten
    }
    return await act(`/dev/fd/${file.fd}`)
  } finally {
    await file.close()
  }
}
