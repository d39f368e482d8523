import type { FlagSnippet } from './flag-snippets.ts'

/** A flag as an app asks for it. Keys of flags and of variants hold nothing that ends a text, or means something inside one. */
interface Asked {
  key: string
  /** The variant that is asked for; undefined for a flag that is on or off. */
  variant: string | undefined
  hasPayload: boolean
  /** Harmless inside quotes. */
  groupTypes: readonly string[]
  token: string
  host: string
}

const lines = (...parts: (string | false)[]) => parts.filter((part) => part !== false).join('\n')
const idOf = (type: string) => `the id of the ${type}`

/** With SDKs for phones, and for servers in other languages. */
export const moreSnippets = (asked: Asked): FlagSnippet[] => [
  { id: 'react-native', label: 'React Native', language: 'js', code: reactNative(asked) },
  { id: 'ios', label: 'iOS', language: 'js', code: swift(asked) },
  { id: 'android', label: 'Android', language: 'js', code: kotlin(asked) },
  { id: 'go', label: 'Go', language: 'js', code: go(asked) },
  { id: 'ruby', label: 'Ruby', language: 'python', code: ruby(asked) },
  { id: 'php', label: 'PHP', language: 'js', code: php(asked) },
]

function reactNative({ key, variant, hasPayload, groupTypes, token, host }: Asked): string {
  return lines(
    `import PostHog from 'posthog-react-native'`,
    '',
    `const posthog = new PostHog('${token}', { host: '${host}' })`,
    ...groupTypes.map((type) => `posthog.group('${type}', '${idOf(type)}')`),
    'await posthog.reloadFeatureFlagsAsync()',
    '',
    variant === undefined ? `if (posthog.isFeatureEnabled('${key}')) {` : `if (posthog.getFeatureFlag('${key}') === '${variant}') {`,
    '  // show the new thing',
    '}',
    hasPayload && `const payload = posthog.getFeatureFlagPayload('${key}')`,
  )
}

function swift({ key, variant, hasPayload, groupTypes, token, host }: Asked): string {
  return lines(
    'import PostHog',
    '',
    `PostHogSDK.shared.setup(PostHogConfig(apiKey: "${token}", host: "${host}"))`,
    ...groupTypes.map((type) => `PostHogSDK.shared.group(type: "${type}", key: "${idOf(type)}")`),
    '',
    variant === undefined
      ? `if PostHogSDK.shared.isFeatureEnabled("${key}") {`
      : `if PostHogSDK.shared.getFeatureFlag("${key}") as? String == "${variant}" {`,
    '    // show the new thing',
    '}',
    hasPayload && `let payload = PostHogSDK.shared.getFeatureFlagPayload("${key}")`,
  )
}

function kotlin({ key, variant, hasPayload, groupTypes, token, host }: Asked): string {
  return lines(
    'import com.posthog.PostHog',
    'import com.posthog.android.PostHogAndroid',
    'import com.posthog.android.PostHogAndroidConfig',
    '',
    `PostHogAndroid.setup(this, PostHogAndroidConfig(apiKey = "${token}", host = "${host}"))`,
    ...groupTypes.map((type) => `PostHog.group(type = "${type}", key = "${idOf(type)}")`),
    '',
    variant === undefined ? `if (PostHog.isFeatureEnabled("${key}")) {` : `if (PostHog.getFeatureFlag("${key}") == "${variant}") {`,
    '    // show the new thing',
    '}',
    hasPayload && `val payload = PostHog.getFeatureFlagPayload("${key}")`,
  )
}

function go({ key, variant, hasPayload, groupTypes, token, host }: Asked): string {
  const groups = groupTypes.map((type) => `.Set("${type}", "${idOf(type)}")`).join('')
  return lines(
    'import "github.com/posthog/posthog-go"',
    '',
    `client, err := posthog.NewWithConfig("${token}", posthog.Config{Endpoint: "${host}"})`,
    'defer client.Close()',
    '',
    'asked := posthog.FeatureFlagPayload{',
    `    Key:        "${key}",`,
    '    DistinctId: "user-42",',
    groups !== '' && `    Groups:     posthog.NewGroups()${groups},`,
    '}',
    variant === undefined
      ? 'if isEnabled, err := client.IsFeatureEnabled(asked); err == nil && isEnabled == true {'
      : `if variant, err := client.GetFeatureFlag(asked); err == nil && variant == "${variant}" {`,
    '    // do the new thing',
    '}',
    hasPayload && 'payload, err := client.GetFeatureFlagPayload(asked)',
  )
}

function ruby({ key, variant, hasPayload, groupTypes, token, host }: Asked): string {
  const groups = groupTypes.map((type) => `'${type}' => '${idOf(type)}'`).join(', ')
  const options = groups === '' ? '' : `, groups: { ${groups} }`
  return lines(
    `require 'posthog'`,
    '',
    `posthog = PostHog::Client.new(api_key: '${token}', host: '${host}')`,
    '',
    variant === undefined
      ? `if posthog.is_feature_enabled('${key}', 'user-42'${options})`
      : `if posthog.get_feature_flag('${key}', 'user-42'${options}) == '${variant}'`,
    '  # do the new thing',
    'end',
    hasPayload && `payload = posthog.get_feature_flag_payload('${key}', 'user-42'${options})`,
  )
}

function php({ key, variant, hasPayload, groupTypes, token, host }: Asked): string {
  const groups = groupTypes.map((type) => `'${type}' => '${idOf(type)}'`).join(', ')
  const options = groups === '' ? '' : `, [${groups}]`
  return lines(
    'use PostHog\\PostHog;',
    '',
    `PostHog::init('${token}', ['host' => '${host}']);`,
    '',
    variant === undefined
      ? `if (PostHog::isFeatureEnabled('${key}', 'user-42'${options})) {`
      : `if (PostHog::getFeatureFlag('${key}', 'user-42'${options}) === '${variant}') {`,
    '    // do the new thing',
    '}',
    hasPayload && `$payload = PostHog::getFeatureFlagPayload('${key}', 'user-42'${options});`,
  )
}
