export * from './captured.ts'
