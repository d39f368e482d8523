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
import { pictureOf } from '../../ui/picture-of.ts'
import { formatInstant } from '../../ui/time.ts'
import { toast } from '../../ui/toasts.tsx'
import { useZone } from '../../ui/zone.tsx'

interface ExportItemsProps {
  name: string
  answer: { query: InsightQuery; answer: InsightAnswer } | undefined
  chart: EChartsType | undefined
  /** What is pictured: the answer as it is drawn. */
  drawing: () => HTMLElement | null
}

/** The answer as a file: the picture that is shown, or its numbers. */
export function ExportItems({ name, answer, chart, drawing }: ExportItemsProps) {
  const project = useProject()
  const zone = useZone()
  const asParquet = async () => {
    if (!answer) return
    try {
      offerFile(await exportQuery(project.id, askedQuery(answer.query), 'parquet'), fileName(name, 'parquet'))
    } catch (error) {
      toast(`Not exported: ${describeError(error).cause}`, 'failed')
    }
  }
  const asPicture = async () => {
    const element = drawing()
    if (!element || !answer) return
    const sharper = (canvas: HTMLCanvasElement) =>
      chart?.getDom().contains(canvas) ? chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: 'transparent' }) : undefined
    try {
      const note = `${rangeNote(answer.answer, zone)} · ${project.name}`
      offerFile(await pictureOf(element, { title: name, note, sharper }), fileName(name, 'png'))
    } catch (error) {
      toast(`No picture was made: ${describeError(error).cause}`, 'failed')
    }
  }
  return (
    <>
      <Menu.Item leftSection={<DownloadIcon size={16} />} disabled={answer === undefined} onClick={() => void asPicture()}>
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

/** From when to when, and as of when. */
function rangeNote({ resolved_date_range: range, as_of: asOf }: InsightAnswer, zone: string): string {
  const ends = range ? [range.date_from, range.date_to].map((end) => formatInstant(end, zone, 'short')).join(' – ') : 'all time'
  return asOf === undefined ? ends : `${ends} · as of ${formatInstant(asOf, zone, 'full')}`
}
