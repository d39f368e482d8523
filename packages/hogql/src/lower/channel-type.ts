import type { ChannelCondition, ChannelRule } from '../catalog/channel-rules.ts'
import { media, type Place, paidMedium, placePattern, places, shoppingCampaign } from '../catalog/channels.ts'
import * as t from '../catalog/value-type.ts'
import type { Expr } from '../tree/resolved.ts'

const value = (text: string): Expr => ({ kind: 'value', value: text, bound: 'String', type: t.string })
const zero: Expr = { kind: 'value', value: 0, bound: 'UInt8', type: t.integer }
const call = (name: string, ...args: Expr[]): Expr => ({ kind: 'call', name, args, type: t.unknown })

/**
 * How a visitor came, from the first values of a session: the first rule that holds.
 * `earliest(name)`: the first value of that name, null if there is none. `rules` are one's own and come before all others.
 */
export function channelType(earliest: (name: string) => Expr, rules: readonly ChannelRule[]): Expr {
  const read = (name: string) => call('ifNull', earliest(name), value(''))
  const [source, medium, campaign] = ['utm_source', 'utm_medium', 'utm_campaign'].map((name) => call('lower', read(name))) as [
    Expr,
    Expr,
    Expr,
  ]
  const domain = call('lower', read('referring_domain'))
  const [gclid, gadSource, fbclid] = [read('gclid'), read('gad_source'), read('fbclid')]
  const matches = (text: Expr, pattern: string) => call('match', text, value(pattern))
  const has = (text: Expr) => call('notEmpty', text)
  const is = (text: Expr, wanted: string) => call('equals', text, value(wanted))
  const cameFrom = (text: Expr, place: Place) => matches(text, placePattern(place))
  const shopping = matches(campaign, shoppingCampaign)
  const paid = call('or', matches(medium, paidMedium), has(gclid), has(gadSource))
  const direct = call(
    'and',
    is(domain, '$direct'),
    call('empty', medium),
    call('or', call('empty', source), matches(source, '^\\(?direct\\)?$')),
    call('empty', fbclid),
  )
  const from = (text: Expr, kind: 'Paid' | 'Organic') => places.flatMap((place) => [cameFrom(text, place), value(`${kind} ${place}`)])
  const byMedium = media.flatMap(([pattern, name]) => [matches(medium, pattern), value(name)])
  const paidChannel = call(
    'multiIf',
    ...from(source, 'Paid'),
    shopping,
    value('Paid Shopping'),
    ...byMedium,
    ...from(domain, 'Paid'),
    is(gadSource, '1'),
    value('Paid Search'),
    matches(campaign, 'video'),
    value('Paid Video'),
    has(fbclid),
    value('Paid Social'),
    value('Paid Unknown'),
  )
  return call(
    'multiIf',
    ...rules.flatMap((rule) => [ruleHolds(rule, earliest), value(rule.channel)]),
    matches(campaign, 'cross-network'),
    value('Cross Network'),
    paid,
    paidChannel,
    direct,
    value('Direct'),
    ...from(source, 'Organic'),
    shopping,
    value('Organic Shopping'),
    ...byMedium,
    ...from(domain, 'Organic'),
    matches(campaign, 'video'),
    value('Organic Video'),
    matches(medium, 'push$'),
    value('Push'),
    has(fbclid),
    value('Organic Social'),
    is(domain, '$direct'),
    value('Direct'),
    has(domain),
    value('Referral'),
    value('Unknown'),
  )
}

function ruleHolds({ combiner, conditions }: ChannelRule, earliest: (name: string) => Expr): Expr {
  const parts = conditions.map((condition) => conditionHolds(condition, earliest))
  if (combiner === 'OR' || parts.length < 2) return anyOf(parts)
  return call('and', ...parts)
}

function conditionHolds({ key, operator, values }: ChannelCondition, earliest: (name: string) => Expr): Expr {
  const text = call('ifNull', readKey(key, earliest), value(''))
  const same = (wanted: string) => call('equals', call('lower', text), value(wanted.toLowerCase()))
  const holds = (wanted: string) => call('greater', call('positionCaseInsensitive', text, value(wanted)), zero)
  const found = (wanted: string) => call('match', text, value(wanted))
  const any = (test: (wanted: string) => Expr) => anyOf(values.map(test))
  switch (operator) {
    case 'exact':
      return any(same)
    case 'is_not':
      return call('not', any(same))
    case 'icontains':
      return any(holds)
    case 'not_icontains':
      return call('not', any(holds))
    case 'regex':
      return any(found)
    case 'not_regex':
      return call('not', any(found))
    case 'is_set':
      return call('notEmpty', text)
    case 'is_not_set':
      return call('empty', text)
  }
}

function anyOf(tests: Expr[]): Expr {
  const [first] = tests
  if (!first) return { kind: 'value', value: false, bound: 'Bool', type: t.boolean }
  return tests.length === 1 ? first : call('or', ...tests)
}

function readKey(key: ChannelCondition['key'], earliest: (name: string) => Expr): Expr {
  switch (key) {
    case 'url':
      return earliest('current_url')
    case 'pathname':
      return call('path', call('ifNull', earliest('current_url'), value('')))
    case 'hostname':
      return call('domain', call('ifNull', earliest('current_url'), value('')))
    case 'utm_source':
    case 'utm_medium':
    case 'utm_campaign':
    case 'referring_domain':
      return earliest(key)
  }
}

/** What kind of site a domain is; null for one that nothing is known of. */
export function domainType(domain: Expr): Expr {
  const of = call('lower', call('ifNull', domain, value('')))
  const branches = places.flatMap((place) => [call('match', of, value(placePattern(place))), value(place)])
  return call('multiIf', call('equals', of, value('$direct')), value('Direct'), ...branches, { kind: 'null', type: t.nothing })
}
