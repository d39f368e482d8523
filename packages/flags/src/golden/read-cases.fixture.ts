import { readFileSync } from 'node:fs'

/** The cases of a file beside this one. */
export function readCases<Case>(name: string): Case[] {
  return JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8')) as Case[]
}
