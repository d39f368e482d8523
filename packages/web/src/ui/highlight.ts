export type CodeLanguage = 'html' | 'js' | 'python' | 'shell' | 'json' | 'sql' | 'yaml'
export interface CodePart {
  kind: 'plain' | 'string' | 'comment' | 'word' | 'number'
  text: string
  /** Where it begins in the code. */
  at: number
}

const words: Record<CodeLanguage, string> = {
  js: 'import|from|export|default|const|let|var|function|return|await|async|new|if|null|true|false|module',
  html: 'function|return|var|if|script',
  python: 'from|import|def|return|True|False|None|await|async',
  shell: 'npm|npx|pip|install',
  json: 'true|false|null',
  yaml: 'true|false|null',
  sql: 'SELECT|DISTINCT|FROM|WHERE|PREWHERE|GROUP|ORDER|BY|HAVING|LIMIT|OFFSET|AS|AND|OR|NOT|IN|IS|NULL|LEFT|RIGHT|INNER|JOIN|ON|ARRAY|WITH|UNION|ALL|CASE|WHEN|THEN|ELSE|END|ASC|DESC|BETWEEN|INTERVAL|OVER|PARTITION|SETTINGS|true|false',
}

const comments: Record<CodeLanguage, string> = {
  js: '//[^\\n]*',
  html: '<!--[\\s\\S]*?-->',
  python: '#[^\\n]*',
  shell: '#[^\\n]*',
  json: '(?!)',
  yaml: '(?!)',
  sql: '--[^\\n]*',
}

/** Cuts code into parts to colour. Every character comes back, in order: joined, the parts are the code. */
export function highlight(code: string, language: CodeLanguage): CodePart[] {
  const pattern = new RegExp(
    `(?<comment>${comments[language]})|(?<string>"(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\\\\\n]|\\\\.)*')|(?<word>\\b(?:${words[language]})\\b)|(?<number>(?<![\\w$-])-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?\\b)`,
    'g',
  )
  const parts: CodePart[] = []
  let from = 0
  for (const match of code.matchAll(pattern)) {
    if (match.index > from) parts.push({ kind: 'plain', text: code.slice(from, match.index), at: from })
    const { comment, string, word } = match.groups ?? {}
    parts.push({
      kind: comment !== undefined ? 'comment' : string !== undefined ? 'string' : word !== undefined ? 'word' : 'number',
      text: match[0],
      at: match.index,
    })
    from = match.index + match[0].length
  }
  if (from < code.length) parts.push({ kind: 'plain', text: code.slice(from), at: from })
  return parts
}
