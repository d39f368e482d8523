/** Names of the events that SDKs send by themselves, in words. */
const words: Record<string, string> = {
  $pageview: 'Page view',
  $pageleave: 'Page leave',
  $screen: 'Screen',
  $autocapture: 'Click or input',
  $rageclick: 'Rage click',
  $dead_click: 'Dead click',
  $identify: 'Identify',
  $create_alias: 'Alias',
  $merge_dangerously: 'Merge',
  $groupidentify: 'Group identify',
  $set: 'Set person properties',
  $feature_flag_called: 'Flag read',
  $experiment_started: 'Experiment started',
  $exception: 'Exception',
  $web_vitals: 'Web vitals',
  $opt_in: 'Opt in',
  $opt_out: 'Opt out',
  'Application Installed': 'App installed',
  'Application Opened': 'App opened',
  'Application Updated': 'App updated',
  'Application Backgrounded': 'App to background',
  'Application Became Active': 'App to front',
}

/** `$pageview` is `Page view`; the app's own names stay as they are. */
export function eventLabel(name: string): string {
  return Object.hasOwn(words, name) ? (words[name] as string) : name
}

export type EventShape = 'view' | 'action' | 'identity' | 'flag' | 'fault' | 'own'

/** Which kind of thing an event tells of: the shape of its mark. */
export function eventShape(name: string): EventShape {
  switch (name) {
    case '$pageview':
    case '$pageleave':
    case '$screen':
      return 'view'
    case '$autocapture':
    case '$rageclick':
    case '$dead_click':
      return 'action'
    case '$identify':
    case '$create_alias':
    case '$merge_dangerously':
    case '$groupidentify':
    case '$set':
      return 'identity'
    case '$feature_flag_called':
    case '$experiment_started':
      return 'flag'
    case '$exception':
      return 'fault'
    // why: names are open text, not a union; whatever is not an SDK's own event is the app's.
    default:
      return 'own'
  }
}

/** One of the eight series colours, the same for a name wherever it stands. */
export function eventColour(name: string): string {
  let hash = 2166136261
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 16777619)
  return `var(--series-${((hash >>> 0) % 8) + 1})`
}
