import { valueText } from '../../ui/property-value.ts'
import type { ShownEvent } from '../../ui/shown-event.ts'

/** The one thing worth saying beside an event's name: where it was, what was clicked, which flag, or the app's own properties. */
export function eventNote({ event, properties }: Pick<ShownEvent, 'event' | 'properties'>): string {
  const text = (name: string) =>
    typeof properties[name] === 'string' && properties[name] !== '' ? (properties[name] as string) : undefined
  switch (event) {
    case '$pageview':
    case '$pageleave':
      return text('$pathname') ?? text('$current_url') ?? ''
    case '$screen':
      return text('$screen_name') ?? ''
    case '$autocapture':
    case '$rageclick':
      return [text('$event_type'), text('$el_text')].filter(Boolean).join(': ')
    case '$feature_flag_called':
      return [text('$feature_flag'), valueText(properties.$feature_flag_response, 60).text].filter(Boolean).join(' → ')
    case '$groupidentify':
      return [text('$group_type'), text('$group_key')].filter(Boolean).join(' ')
    // why: names are open text; the app's own events tell of their own properties.
    default:
      return Object.entries(properties)
        .filter(([name, value]) => !name.startsWith('$') && value !== null && typeof value !== 'object')
        .slice(0, 3)
        .map(([name, value]) => `${name.slice(0, 40)}: ${valueText(value, 60).text}`)
        .join(', ')
  }
}
