import { FileInput } from '@mantine/core'
import { useState } from 'react'
import { countOf } from '../../ui/numbers.ts'
import classes from './cohorts.module.css'

/** People as a file: one id in each line, or a column of them. */
export function CsvField({ csv, onCsv }: { csv: string | undefined; onCsv: (csv: string | undefined) => void }) {
  const [file, setFile] = useState<File | null>(null)
  const read = async (chosen: File | null) => {
    setFile(chosen)
    onCsv(chosen ? await chosen.text() : undefined)
  }
  const lines = csv?.split(/\r?\n/).filter((line) => line.trim() !== '').length ?? 0
  return (
    <div>
      <FileInput
        label="CSV file"
        description="One person in each line: a distinct id; or a column named distinct_id or person_id"
        placeholder="Choose a file"
        accept=".csv,.txt,text/csv,text/plain"
        clearable
        value={file}
        onChange={(chosen) => void read(chosen)}
      />
      {csv !== undefined && <p className={classes.faint}>{countOf(lines, 'line')}</p>}
    </div>
  )
}
