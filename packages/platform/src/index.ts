export { parseEntryBody } from '@hedgerow/ingestion'
export type { NeededScope, Principal } from './accounts/access.ts'
export { clientAddressHeader } from './accounts/auth.ts'
export {
  configWith,
  type FlagValues,
  type HedgerowConfig,
  type NamedSetting,
  readConfig,
  settingRows,
  unknownVariables,
} from './config/read-config.ts'
export { type Setting, SettingError } from './config/setting.ts'
export type { DemoOutcome, DemoProgress, DemoRun } from './demo/demo.ts'
export { HedgerowError, invalidInput, knownError } from './errors.ts'
export { calculationKinds, runCalculation } from './experiments/calculations.ts'
export { type ReportCheck, verifyReport } from './experiments/report.ts'
export { metricOfSqlText, metricsOfSavedInsight } from './experiments/saved-insight-metrics.ts'
export type { ExportFile } from './exports/exports.ts'
export type { FlagAnswer, FlagRequest } from './flags/flag-service.ts'
export type { Health } from './health.ts'
export { createHedgerow, type Hedgerow, type HedgerowOptions } from './hedgerow.ts'
export type { LiveNews } from './live/live.ts'
export { createLog, type Log, type LogLevel } from './log.ts'
export { type Project, projectBody } from './projects/project.ts'
export { QueryError } from './query/query-error.ts'
export type { Answered, Question, Refresh } from './query/questions.ts'
