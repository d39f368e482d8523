/** Values of JSON as YAML 1.2, fields in their order; `undefined` fields are left out. Lists and objects are written as blocks, texts of several lines too. */
export function yamlText(value: unknown): string {
  return `${isFilledBlock(value) ? block(value, '').join('\n') : inline(value)}\n`
}

function block(value: object, indent: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => listed(item, indent))
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .flatMap(([name, field]) => named(`${indent}${scalar(name)}:`, field, `${indent}  `))
}

function named(head: string, value: unknown, indent: string): string[] {
  if (isFilledBlock(value)) return [head, ...block(value, indent)]
  if (isLines(value)) return [`${head} |-`, ...value.split('\n').map((line) => (line === '' ? '' : `${indent}${line}`))]
  return [`${head} ${inline(value)}`]
}

/** The first field of an object stands beside the dash. */
function listed(item: unknown, indent: string): string[] {
  if (!isFilledBlock(item)) return named(`${indent}-`, item, `${indent}  `)
  const [first = '', ...rest] = block(item, `${indent}  `)
  return [`${indent}- ${first.trimStart()}`, ...rest]
}

const isFilledBlock = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.values(value).some((each) => Array.isArray(value) || each !== undefined)

/** That can stand as they are: a block takes no control characters, and its indentation is told by its first line. */
const isLines = (value: unknown): value is string =>
  typeof value === 'string' && /^[^\s].*\n/s.test(value) && !value.endsWith('\n') && !/[^\P{C}\n]|[\u2028\u2029]|[ ]+$/mu.test(value)

function inline(value: unknown): string {
  if (typeof value === 'string') return scalar(value)
  if (Array.isArray(value)) return '[]'
  return typeof value === 'object' && value !== null ? '{}' : String(value ?? null)
}

// why: every text of JSON is one of YAML; only what cannot be mistaken for anything else goes without quotes.
const scalar = (text: string): string => (isPlain(text) ? text : JSON.stringify(text))

const isPlain = (text: string): boolean =>
  /^[$A-Za-z_/][\w$./-]*( [\w$./-]+)*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
