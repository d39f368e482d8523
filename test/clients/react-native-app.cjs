// A React Native app reduced to its analytics: the real posthog-react-native in Node, with React Native's native parts replaced.
// Usage: node react-native-app.cjs URL TOKEN
const Module = require('node:module')

const nativeParts = new Proxy(
  {
    Platform: {
      OS: 'ios',
      Version: '18.1',
      isTesting: true,
      select: (choices) => choices.ios ?? choices.default,
      constants: { reactNativeVersion: { major: 0, minor: 80, patch: 0 } },
    },
    AppState: { currentState: 'active', addEventListener: () => ({ remove: () => undefined }) },
    Dimensions: { get: () => ({ width: 390, height: 844, scale: 3, fontScale: 1 }), addEventListener: () => ({ remove: () => undefined }) },
    Linking: { getInitialURL: async () => null, addEventListener: () => ({ remove: () => undefined }) },
    NativeModules: {},
    StyleSheet: { create: (styles) => styles },
  },
  { get: (parts, name) => (name in parts ? parts[name] : () => undefined) },
)
const load = Module._load
Module._load = function (name, ...rest) {
  return name === 'react-native' ? nativeParts : load.call(this, name, ...rest)
}
globalThis.ErrorUtils = { getGlobalHandler: () => undefined, setGlobalHandler: () => undefined }

async function main([url, token]) {
  const { PostHog } = require('posthog-react-native')
  const kept = new Map()
  const posthog = new PostHog(token, {
    host: url,
    flushAt: 100,
    captureAppLifecycleEvents: true,
    customStorage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) },
  })
  await posthog.ready()
  const anonymous = posthog.getDistinctId()
  await posthog.screen('Garden', { season: 'autumn' })
  posthog.capture('hedge cut', { metres: 12 })
  posthog.identify('mobile user', { email: 'mobile@example.com' })
  posthog.group('company', 'acme')
  posthog.capture('after login')
  const flags = await posthog.reloadFeatureFlagsAsync()
  const payload = posthog.getFeatureFlagPayload('mobile-look')
  await posthog.flush()
  await posthog.shutdown()
  process.stdout.write(JSON.stringify({ anonymous, flags, payload }))
}
main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    console.error(error)
    process.exit(1)
  },
)
