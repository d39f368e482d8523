import type { CodeLanguage } from '../../ui/highlight.ts'

/** What a result is pulled with. */
export const pullTools = ['duckdb', 'pandas', 'curl'] as const
export type PullTool = (typeof pullTools)[number]

export interface Pull {
  /** This server's address. */
  host: string
  projectId: number
  /** The query as the API takes it. */
  node: object
}

/** Lines that bring all of a query's rows to another machine; the key comes from the environment there. */
export function pullLines(tool: PullTool, pull: Pull): { code: string; language: CodeLanguage } {
  switch (tool) {
    case 'curl':
      return { language: 'shell', code: `${curl(pull, 'csv', 'result.csv')}\n` }
    case 'duckdb':
      return {
        language: 'shell',
        code: `${curl(pull, 'parquet', 'result.parquet')}\nduckdb -c "SELECT * FROM 'result.parquet' LIMIT 20"\n`,
      }
    case 'pandas':
      return { language: 'python', code: pandas(pull) }
  }
}

export const keyLine = (key: string) => `export HEDGEROW_API_KEY=${key}`

const address = ({ host, projectId }: Pull, format: string) => `${host}/api/projects/${projectId}/query/export/?format=${format}`

// why: between quoted marks the shell takes a line as it stands, and as JSON the query is one line.
const curl = (pull: Pull, format: string, file: string) => `curl --fail-with-body -sS '${address(pull, format)}' \\
  -H "Authorization: Bearer $HEDGEROW_API_KEY" -H 'Content-Type: application/json' \\
  -o ${file} --data-binary @- <<'QUERY'
${JSON.stringify({ query: pull.node })}
QUERY`

// why: a text as JSON is the same text in Python, which knows no true and null.
const pandas = (pull: Pull) => `import io, json, os
import pandas, requests

query = json.loads(${JSON.stringify(JSON.stringify(pull.node))})
answer = requests.post(
    ${JSON.stringify(address(pull, 'parquet'))},
    headers={"Authorization": "Bearer " + os.environ["HEDGEROW_API_KEY"]},
    json={"query": query},
)
answer.raise_for_status()
frame = pandas.read_parquet(io.BytesIO(answer.content))
print(frame)
`
