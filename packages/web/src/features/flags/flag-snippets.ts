import type { CodeLanguage } from '../../ui/highlight.ts'
import { moreSnippets } from './more-flag-snippets.ts'

export interface FlagSnippet {
  id: string
  label: string
  language: CodeLanguage
  code: string
}

interface Asked {
  key: string
  /** Its variants; none for a flag that is on or off. */
  variants: readonly string[]
  hasPayload: boolean
  /** A configuration, which servers read by its key. */
  isRemote: boolean
  /** Group types by which it is rolled out. */
  groupTypes: readonly string[]
  token: string
  host: string
}

/** How an app asks for a flag, with each unmodified SDK. */
export function flagSnippets(asked: Asked): FlagSnippet[] {
  if (asked.isRemote) return configurationSnippets(asked)
  // why: as JSON these are valid literals in JavaScript and Python alike, whatever they hold.
  const [key, first] = [JSON.stringify(asked.key), JSON.stringify(asked.variants.at(-1) ?? '')]
  const filled = { ...asked, key, first, isMultivariate: asked.variants.length > 0 }
  const { token, host, hasPayload } = asked
  const more = moreSnippets({
    key: asked.key,
    variant: asked.variants.at(-1),
    hasPayload,
    groupTypes: asked.groupTypes.map(plain),
    token,
    host,
  })
  return [browser(filled), react(filled), node(filled), python(filled), curl(asked), ...more]
}

type Filled = Asked & { first: string; isMultivariate: boolean }

const lines = (...parts: (string | false)[]) => parts.filter((part) => part !== false).join('\n')

function browser({ key, first, isMultivariate, hasPayload, groupTypes }: Filled): FlagSnippet {
  const code = lines(
    ...groupTypes.map((type) => `posthog.group(${JSON.stringify(type)}, 'the id of the ${plain(type)}')`),
    'posthog.onFeatureFlags(() => {',
    isMultivariate ? `  if (posthog.getFeatureFlag(${key}) === ${first}) {` : `  if (posthog.isFeatureEnabled(${key})) {`,
    '    // show the new thing',
    '  }',
    hasPayload && `  const payload = posthog.getFeatureFlagPayload(${key})`,
    '})',
  )
  return { id: 'browser', label: 'JavaScript', language: 'js', code }
}

function react({ key, first, isMultivariate, hasPayload }: Filled): FlagSnippet {
  const hook = isMultivariate ? 'useFeatureFlagVariantKey' : 'useFeatureFlagEnabled'
  const code = lines(
    `import { ${hook}${hasPayload ? ', useFeatureFlagPayload' : ''} } from 'posthog-js/react'`,
    '',
    'export function Thing() {',
    isMultivariate ? `  const variant = ${hook}(${key})` : `  const isEnabled = ${hook}(${key})`,
    hasPayload && `  const payload = useFeatureFlagPayload(${key})`,
    isMultivariate ? `  return variant === ${first} ? <NewThing /> : <OldThing />` : '  return isEnabled ? <NewThing /> : <OldThing />',
    '}',
  )
  return { id: 'react', label: 'React', language: 'js', code }
}

function node({ key, first, isMultivariate, hasPayload, groupTypes, token, host }: Filled): FlagSnippet {
  const groups = groupTypes.map((type) => `${JSON.stringify(type)}: 'the id of the ${plain(type)}'`).join(', ')
  const options = groups === '' ? '' : `, { groups: { ${groups} } }`
  const code = lines(
    `import { PostHog } from 'posthog-node'`,
    '',
    `const posthog = new PostHog(${JSON.stringify(token)}, { host: ${JSON.stringify(host)} })`,
    '',
    isMultivariate
      ? `const variant = await posthog.getFeatureFlag(${key}, 'user-42'${options})`
      : `const isEnabled = await posthog.isFeatureEnabled(${key}, 'user-42'${options})`,
    isMultivariate ? `if (variant === ${first}) {` : 'if (isEnabled) {',
    '  // do the new thing',
    '}',
    hasPayload && `const payload = await posthog.getFeatureFlagPayload(${key}, 'user-42'${isMultivariate ? ', variant' : ''})`,
  )
  return { id: 'node', label: 'Node.js', language: 'js', code }
}

function python({ key, first, isMultivariate, hasPayload, groupTypes, token, host }: Filled): FlagSnippet {
  const groups = groupTypes.map((type) => `${JSON.stringify(type)}: "the id of the ${plain(type)}"`).join(', ')
  const options = groups === '' ? '' : `, groups={${groups}}`
  const code = lines(
    'from posthog import Posthog',
    '',
    `posthog = Posthog(${JSON.stringify(token)}, host=${JSON.stringify(host)})`,
    '',
    isMultivariate
      ? `if posthog.get_feature_flag(${key}, "user-42"${options}) == ${first}:`
      : `if posthog.feature_enabled(${key}, "user-42"${options}):`,
    '    ...  # do the new thing',
    hasPayload && `payload = posthog.get_feature_flag_payload(${key}, "user-42"${options})`,
  )
  return { id: 'python', label: 'Python', language: 'python', code }
}

function curl({ key, groupTypes, token, host }: Asked): FlagSnippet {
  const body = {
    api_key: token,
    distinct_id: 'user-42',
    flag_keys_to_evaluate: [key],
    ...(groupTypes.length === 0 ? {} : { groups: Object.fromEntries(groupTypes.map((type) => [type, `the id of the ${plain(type)}`])) }),
  }
  const code = lines(
    `curl ${shellQuoted(`${host}/flags/?v=2`)} \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d ${shellQuoted(JSON.stringify(body, undefined, 2))}`,
  )
  return { id: 'curl', label: 'curl', language: 'shell', code }
}

const secretName = 'HEDGEROW_SECRET_KEY'

function configurationSnippets({ key, token, host }: Asked): FlagSnippet[] {
  const [name, project, address] = [JSON.stringify(key), JSON.stringify(token), JSON.stringify(host)]
  const node = lines(
    `import { PostHog } from 'posthog-node'`,
    '',
    `const posthog = new PostHog(${project}, { host: ${address}, personalApiKey: process.env.${secretName} })`,
    '',
    `const settings = await posthog.getRemoteConfigPayload(${name})`,
  )
  const python = lines(
    'import os',
    'from posthog import Posthog',
    '',
    `posthog = Posthog(${project}, host=${address}, personal_api_key=os.environ["${secretName}"])`,
    '',
    `settings = posthog.get_remote_config_payload(${name})`,
  )
  const path = `/api/projects/@current/feature_flags/${encodeURIComponent(key)}/remote_config/?token=${token}`
  const curl = lines(`curl ${shellQuoted(host + path)} \\`, `  -H "Authorization: Bearer $${secretName}"`)
  return [
    { id: 'node', label: 'Node.js', language: 'js', code: node },
    { id: 'python', label: 'Python', language: 'python', code: python },
    { id: 'curl', label: 'curl', language: 'shell', code: curl },
  ]
}

const shellQuoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** For the inside of quotes and comments, whatever a group type is called. */
const plain = (type: string) => type.replaceAll(/[^\p{L}\p{N} _-]/gu, '')
