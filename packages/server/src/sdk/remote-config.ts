import type { SdkProject } from './dependencies.ts'

/** What an SDK reads when it starts, and what `/decide/` and `/flags/?config=true` answer beside flags. */
export type RemoteConfig = Readonly<Record<string, unknown>>

/**
 * A project's remote config. Keys that are off must still be there: posthog-js starts autocapture only for a literal `false` in
 * `autocapture_opt_out`, and without `sessionRecording` it goes on with what it had stored earlier.
 */
export function remoteConfig(project: SdkProject): RemoteConfig {
  const { settings } = project
  const performance = settings.capture_performance_opt_in || settings.autocapture_web_vitals_opt_in
  return {
    token: project.apiToken,
    // Without it posthog-js sends plain JSON, and a preflight before it.
    supportedCompression: ['gzip', 'gzip-js'],
    // why: with false posthog-js does not call onFeatureFlags on load, and an app that waits for it would wait for ever.
    hasFeatureFlags: true,
    captureDeadClicks: settings.capture_dead_clicks,
    capturePerformance: performance && {
      network_timing: settings.capture_performance_opt_in,
      web_vitals: settings.autocapture_web_vitals_opt_in,
      web_vitals_allowed_metrics: null,
    },
    autocapture_opt_out: settings.autocapture_opt_out,
    autocaptureExceptions: settings.autocapture_exceptions_opt_in,
    analytics: { endpoint: '/e/' },
    elementsChainAsString: true,
    errorTracking: { autocaptureExceptions: settings.autocapture_exceptions_opt_in, suppressionRules: [] },
    // limit: logs, recordings, heatmaps, surveys and tours have no store here; to collect them would cost the visitor for nothing.
    logs: { captureConsoleLogs: false },
    sessionRecording: false,
    heatmaps: false,
    conversations: false,
    surveys: false,
    productTours: false,
    defaultIdentifiedOnly: true,
    siteApps: [],
    toolbarParams: {},
    isAuthenticated: false,
    // compat: posthog-js before 1.81 reads these two.
    editorParams: {},
    config: { enable_collect_everything: !settings.autocapture_opt_out },
  }
}

/** The script form: it puts the config where posthog-js looks for it. */
export function remoteConfigScript(config: RemoteConfig): string {
  const token = scriptJson(config.token)
  const store = 'window._POSTHOG_REMOTE_CONFIG=window._POSTHOG_REMOTE_CONFIG||{}'
  return `(function(){${store};window._POSTHOG_REMOTE_CONFIG[${token}]={config:${scriptJson(config)},siteApps:[]}})();\n`
}

/** JSON that may stand inside a script element. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>\u2028\u2029]/g, (unsafe) => `\\u${unsafe.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
