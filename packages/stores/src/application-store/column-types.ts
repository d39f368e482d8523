import pg from 'pg'

const { builtins, getTypeParser } = pg.types
const bigintArray = 1016

/** A number where it is one exactly, else its digits as text. */
function parseBigint(text: string): number | string {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : text
}

const asText = (text: string) => text

/**
 * How columns are read: `bigint` as a number; dates and instants without a zone as text, since turning
 * them into a `Date` would bring in this machine's time zone.
 */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: Parameters<typeof getTypeParser>[0], format?: 'text' | 'binary') => {
    if (format === 'binary') return getTypeParser(oid, 'binary')
    if (oid === builtins.INT8) return parseBigint
    if (oid === builtins.DATE || oid === builtins.TIMESTAMP) return asText
    const parse: (text: string) => unknown = getTypeParser(oid, 'text')
    if ((oid as number) !== bigintArray) return parse
    return (text: string) => (parse(text) as (string | null)[]).map((item) => (item === null ? null : parseBigint(item)))
  }) as typeof getTypeParser,
}
