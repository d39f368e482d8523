import { Menu } from '@mantine/core'
import type { EChartsType } from 'echarts/core'
import { useProject } from '../../api-client/current-project.tsx'
import { describeError } from '../../api-client/errors.ts'
import { exportQuery } from '../../api-client/exports.ts'
import type { InsightAnswer } from '../../api-client/queries.ts'
import { answerTable, csvText } from '../../charts/insights/answer-table.ts'
import { askedQuery } from '../../query-model/kinds.ts'
import type { InsightQuery } from '../../query-model/nodes.ts'
import { DownloadIcon } from '../../ui/icons.tsx'
import { fileName, offerFile } from '../../ui/offer-file.ts'
import { toast } from '../../ui/toasts.tsx'

interface ExportItemsProps {
  name: string
  answer: { query: InsightQuery; answer: InsightAnswer } | undefined
  chart: EChartsType | undefined
}

/** The answer as a file: the picture that is shown, or its numbers. */
export function ExportItems({ name, answer, chart }: ExportItemsProps) {
  const project = useProject()
  const asParquet = async () => {
    if (!answer) return
    try {
      offerFile(await exportQuery(project.id, askedQuery(answer.query), 'parquet'), fileName(name, 'parquet'))
    } catch (error) {
      toast(`Not exported: ${describeError(error).cause}`, 'failed')
    }
  }
  const asPicture = async () => {
    const background = getComputedStyle(document.documentElement).getPropertyValue('--surface').trim()
    const address = chart?.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: background })
    if (address !== undefined) offerFile(pngOf(address), fileName(name, 'png'))
  }
  return (
    <>
      <Menu.Item leftSection={<DownloadIcon size={16} />} disabled={chart === undefined} onClick={() => void asPicture()}>
        Picture (PNG)
      </Menu.Item>
      <Menu.Item
        leftSection={<DownloadIcon size={16} />}
        disabled={answer === undefined}
        onClick={() =>
          answer &&
          offerFile(new Blob([csvText(answerTable(answer.query, answer.answer.results))], { type: 'text/csv' }), fileName(name, 'csv'))
        }
      >
        Numbers (CSV)
      </Menu.Item>
      <Menu.Item leftSection={<DownloadIcon size={16} />} disabled={answer === undefined} onClick={() => void asParquet()}>
        Numbers (Parquet)
      </Menu.Item>
    </>
  )
}

function pngOf(address: string): Blob {
  const bytes = Uint8Array.from(atob(address.slice(address.indexOf(',') + 1)), (sign) => sign.charCodeAt(0))
  return new Blob([bytes], { type: 'image/png' })
}
