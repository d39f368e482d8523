import type { CodeLanguage } from '../../ui/highlight.ts'

export interface SnippetStep {
  title: string
  /** Where the code belongs. */
  file?: string
  language: CodeLanguage
  code: string
}

export interface Snippet {
  id: string
  label: string
  /** One line under the choice. */
  note: string
  steps: SnippetStep[]
}

/** What is filled into every snippet. */
export interface Connection {
  /** The project's token, `phc_…`. */
  token: string
  /** This server's address without a slash at the end, e.g. `https://hedgerow.example.com`. */
  host: string
}

/**
 * How to connect each kind of app: unmodified PostHog SDKs with this server's address. The HTML loader is our own; it
 * queues calls until the library is there, in the way that posthog-js expects to find them.
 */
export function snippets(connection: Connection): Snippet[] {
  // why: as JSON both are valid literals in JavaScript and Python alike, whatever they hold.
  const filled: Connection = { token: JSON.stringify(connection.token), host: JSON.stringify(connection.host) }
  return [html(filled), browser(filled), react(filled), next(connection, filled), reactNative(filled), node(filled), python(filled)]
}

function html({ token, host }: Connection): Snippet {
  const code = `<script>
  !function (page) {
    var posthog = (window.posthog = window.posthog || [])
    if (posthog.__SV) return
    var methods = 'capture identify alias group register register_once unregister reset setPersonProperties set_config ' +
      'opt_in_capturing opt_out_capturing has_opted_out_capturing isFeatureEnabled getFeatureFlag onFeatureFlags ' +
      'reloadFeatureFlags get_distinct_id startSessionRecording stopSessionRecording captureException'
    function queue(target, names) {
      names.split(' ').forEach(function (name) {
        target[name] = function () { target.push([name].concat([].slice.call(arguments))) }
      })
    }
    posthog.__SV = 1
    posthog._i = []
    posthog.people = []
    queue(posthog, methods)
    queue(posthog.people, 'set set_once')
    posthog.init = function (token, config, name) {
      posthog._i.push([token, config, name || 'posthog'])
      if (posthog._i.length > 1) return
      var script = page.createElement('script')
      script.async = true
      script.src = config.api_host + '/static/array.js'
      page.head.appendChild(script)
    }
  }(document)

  posthog.init(${token}, {
    api_host: ${host},
    person_profiles: 'identified_only',
  })
</script>`
  return {
    id: 'html',
    label: 'HTML',
    note: 'Any site, no build step. Page views, clicks and page leaves are captured by themselves.',
    steps: [{ title: 'Paste into the head of every page', file: 'index.html', language: 'html', code }],
  }
}

function browser({ token, host }: Connection): Snippet {
  return {
    id: 'browser',
    label: 'JavaScript',
    note: 'posthog-js from npm, for any app with a bundler.',
    steps: [
      { title: 'Install', language: 'shell', code: 'npm install posthog-js' },
      {
        title: 'Start it once, before the app renders',
        file: 'src/main.js',
        language: 'js',
        code: `import posthog from 'posthog-js'

posthog.init(${token}, {
  api_host: ${host},
  defaults: '2025-05-24',
  person_profiles: 'identified_only',
})`,
      },
      {
        title: 'Say who it is and what they did',
        language: 'js',
        code: `posthog.identify('user-42', { email: 'ada@example.com' })
posthog.capture('item created', { kind: 'note' })`,
      },
    ],
  }
}

function react({ token, host }: Connection): Snippet {
  return {
    id: 'react',
    label: 'React',
    note: 'A provider around the app and a hook inside it.',
    steps: [
      { title: 'Install', language: 'shell', code: 'npm install posthog-js' },
      {
        title: 'Wrap the app',
        file: 'src/main.jsx',
        language: 'js',
        code: `import { createRoot } from 'react-dom/client'
import { PostHogProvider } from 'posthog-js/react'
import { App } from './App'

const options = {
  api_host: ${host},
  defaults: '2025-05-24',
  person_profiles: 'identified_only',
}

createRoot(document.getElementById('root')).render(
  <PostHogProvider apiKey=${token} options={options}>
    <App />
  </PostHogProvider>,
)`,
      },
      {
        title: 'Capture where things happen',
        file: 'src/SaveButton.jsx',
        language: 'js',
        code: `import { usePostHog } from 'posthog-js/react'

export function SaveButton() {
  const posthog = usePostHog()
  return <button onClick={() => posthog.capture('item saved')}>Save</button>
}`,
      },
    ],
  }
}

function next(plain: Connection, { token, host }: Connection): Snippet {
  return {
    id: 'nextjs',
    label: 'Next.js',
    note: 'Browser and server, Next.js 15.3 or later. Events also go through your own address, which ad blockers leave alone.',
    steps: [
      { title: 'Install', language: 'shell', code: 'npm install posthog-js posthog-node' },
      {
        title: 'Start it in the browser',
        file: 'instrumentation-client.ts',
        language: 'js',
        code: `import posthog from 'posthog-js'

posthog.init(${token}, {
  api_host: '/hedgerow',
  ui_host: ${host},
  defaults: '2025-05-24',
})`,
      },
      {
        title: 'Pass it on from your own address',
        file: 'next.config.js',
        language: 'js',
        code: `module.exports = {
  // The SDK asks for addresses that end in a slash.
  skipTrailingSlashRedirect: true,
  async rewrites() {
    return [{ source: '/hedgerow/:path*', destination: ${JSON.stringify(`${plain.host}/:path*`)} }]
  },
}`,
      },
      {
        title: 'Capture on the server',
        file: 'app/actions.ts',
        language: 'js',
        code: `import { PostHog } from 'posthog-node'

const posthog = new PostHog(${token}, { host: ${host}, flushAt: 1, flushInterval: 0 })

export async function subscribe(userId: string) {
  posthog.capture({ distinctId: userId, event: 'subscribed' })
  // A serverless function may freeze when it returns: send before that.
  await posthog.shutdown()
}`,
      },
    ],
  }
}

function reactNative({ token, host }: Connection): Snippet {
  return {
    id: 'react-native',
    label: 'React Native',
    note: 'Expo and bare apps. Events wait on the device while it is offline.',
    steps: [
      {
        title: 'Install',
        language: 'shell',
        code: 'npx expo install posthog-react-native expo-file-system expo-application expo-device expo-localization',
      },
      {
        title: 'Wrap the app',
        file: 'App.jsx',
        language: 'js',
        code: `import { PostHogProvider } from 'posthog-react-native'

export default function App() {
  return (
    <PostHogProvider apiKey=${token} options={{ host: ${host} }}>
      <Screens />
    </PostHogProvider>
  )
}`,
      },
      {
        title: 'Capture where things happen',
        language: 'js',
        code: `import { usePostHog } from 'posthog-react-native'

const posthog = usePostHog()
posthog.identify('user-42', { email: 'ada@example.com' })
posthog.capture('item created', { kind: 'note' })`,
      },
    ],
  }
}

function node({ token, host }: Connection): Snippet {
  return {
    id: 'node',
    label: 'Node.js',
    note: 'Servers, jobs and scripts.',
    steps: [
      { title: 'Install', language: 'shell', code: 'npm install posthog-node' },
      {
        title: 'Capture',
        file: 'server.js',
        language: 'js',
        code: `import { PostHog } from 'posthog-node'

const posthog = new PostHog(${token}, { host: ${host} })

posthog.capture({
  distinctId: 'user-42',
  event: 'subscription started',
  properties: { plan: 'team', seats: 5 },
})

// Events are sent in batches: before the process ends, send what is left.
await posthog.shutdown()`,
      },
    ],
  }
}

function python({ token, host }: Connection): Snippet {
  return {
    id: 'python',
    label: 'Python',
    note: 'Django, Flask, FastAPI, notebooks and scripts.',
    steps: [
      { title: 'Install', language: 'shell', code: 'pip install posthog' },
      {
        title: 'Capture',
        file: 'app.py',
        language: 'python',
        code: `from posthog import Posthog

posthog = Posthog(${token}, host=${host})

posthog.capture(
    distinct_id="user-42",
    event="subscription started",
    properties={"plan": "team", "seats": 5},
)

# Events are sent in batches: before the process ends, send what is left.
posthog.shutdown()`,
      },
    ],
  }
}
