export { expressFlags, fastifyFlags, nextFlags, withFlags } from './adapters.ts'
export { type Bootstrap, bootstrapScript, createBootstrap, type NoFlickerOptions, withBootstrap } from './bootstrap.ts'
