export * from './event-log/event-log.ts'
