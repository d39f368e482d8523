import type { NewCohort } from '@hedgerow/protocol'
import { HedgerowError } from '../errors.ts'
import type { PinnedDefinition } from './pinned.ts'

/** A cohort of the people who were exposed: whoever did what exposes, with one of the variants, since the experiment began. @throws HedgerowError for units that are groups */
export function exposureCohort(name: string, startedAt: Date, pinned: PinnedDefinition): NewCohort {
  if (pinned.aggregation_group_type_index !== null)
    throw new HedgerowError('cannot_change', 'The units of this experiment are groups: a cohort is made of people.')
  const config = pinned.exposure_criteria.exposure_config as Record<string, unknown> | null | undefined
  const keys = [...pinned.variants.map(({ key }) => key), ...(pinned.holdout_id === null ? [] : [`holdout-${pinned.holdout_id}`])]
  const is = (key: string, value: string[]) => ({ key, value, operator: 'exact', type: 'event' })
  const isFlagCall = config?.event === '$feature_flag_called'
  const told = isFlagCall ? '$feature_flag_response' : `$feature/${pinned.flag_key}`
  const own = Array.isArray(config?.properties) ? (config.properties as object[]) : []
  const filters = config
    ? [
        ...own,
        ...(typeof config.experiment_name_property === 'string' ? [is(config.experiment_name_property, [name, pinned.flag_key])] : []),
        ...(isFlagCall ? [is('$feature_flag', [pinned.flag_key])] : []),
        is(typeof config.variant_property === 'string' ? config.variant_property : told, keys),
      ]
    : [is('$feature_flag', [pinned.flag_key]), is('$feature_flag_response', keys)]
  const isAction = config?.kind === 'ActionsNode'
  const criterion = {
    type: 'behavioral',
    value: 'performed_event',
    key: isAction ? Number(config?.id) : config ? String(config.event) : '$feature_flag_called',
    event_type: isAction ? 'actions' : 'events',
    explicit_datetime: startedAt.toISOString(),
    event_filters: filters,
    negation: false,
  }
  return {
    name: `Exposed to ${name}`.slice(0, 400),
    description: `Everybody whom the experiment “${name}” showed a variant`.slice(0, 1000),
    is_static: false,
    filters: { properties: { type: 'AND', values: [criterion] } },
  } as unknown as NewCohort
}
