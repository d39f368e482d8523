import { anyBot, bots, trafficTypeOf } from '../catalog/bots.ts'
import { media, type Place, placePattern, places } from '../catalog/channels.ts'
import { HogqlError } from '../errors.ts'
import { and, call, compare, constant, field, isNotNull, or, select, table } from '../tree/build.ts'
import type * as S from '../tree/syntax.ts'

/** Functions that stand for something else in HogQL itself. */
type Expansion = (args: S.Expr[], of: S.Call) => S.Expr

const nothing = constant(null)
const text = (expr: S.Expr) => call('lower', call('ifNull', call('toString', expr), constant('')))
const matches = (of: S.Expr, pattern: string) => call('match', of, constant(pattern))
const first = (args: S.Expr[]) => args[0] ?? nothing

const placeOf =
  (name: (place: Place) => string): Expansion =>
  (args) =>
    call('multiIf', ...places.flatMap((place) => [matches(text(first(args)), placePattern(place)), constant(name(place))]), nothing)

const mediumOf: Expansion = (args) =>
  call('multiIf', ...media.flatMap(([pattern, channel]) => [matches(text(first(args)), pattern), constant(channel)]), nothing)

/** Of the first bot whose pattern fits. */
const ofBot =
  (value: (bot: (typeof bots)[number]) => string, other: { unknownBot: S.Expr; none: S.Expr }): Expansion =>
  (args) => {
    const agent = text(first(args))
    const branches = bots.flatMap((bot) => [matches(agent, bot.pattern), constant(value(bot))])
    return call('multiIf', ...branches, matches(agent, anyBot), other.unknownBot, other.none)
  }

const isLikelyBot: Expansion = (args) => {
  const agent = text(first(args))
  return or([
    compare('=', agent, constant('')),
    matches(agent, [...bots.map(({ pattern }) => pattern), anyBot].map((each) => `(?:${each})`).join('|')),
  ])
}

function constantOf(expr: S.Expr | undefined, of: S.Call, what: string): string | number | boolean | undefined {
  if (!expr) return undefined
  const value = expr.kind === 'constant' ? expr.value : null
  if (value === null || typeof value === 'bigint')
    throw new HogqlError('wrong_arguments', `${of.name} needs ${what}, written as a constant`, of.span)
  return value
}

/** `getSurveyResponse(index[, question id[, is multiple choice]])`: by the question's id, else by its place. */
const surveyResponse: Expansion = (args, of) => {
  const index = constantOf(args[0], of, 'the place of the question')
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0)
    throw new HogqlError('wrong_arguments', `${of.name} needs the place of the question, 0 or more`, of.span)
  const id = constantOf(args[1], of, 'the id of the question')
  const keys = [...(id === undefined ? [] : [`$survey_response_${id}`]), index === 0 ? '$survey_response' : `$survey_response_${index}`]
  const answers = keys.map((key) => call('nullIf', field('properties', key), constant('')))
  const answer = answers.length === 1 ? (answers[0] ?? nothing) : call('coalesce', ...answers)
  return constantOf(args[2], of, 'true or false') === true
    ? call(
        'arrayMap',
        { kind: 'lambda', params: ['choice'], body: call('JSONExtractString', field('choice')) },
        call('JSONExtractArrayRaw', call('ifNull', answer, constant('[]'))),
      )
    : answer
}

/** The last event of each submission of a survey; events without a submission stand for themselves. */
const surveySubmissions: Expansion = (args, of) => {
  const id = constantOf(args[0], of, 'the id of a survey')
  const submission = field('properties', '$survey_submission_id')
  const last = select([call('argMax', field('uuid'), field('timestamp'))], {
    from: { table: table('events'), joins: [] },
    where: and([
      compare('=', field('event'), constant('survey sent')),
      compare('=', call('toString', field('properties', '$survey_id')), constant(String(id))),
    ]),
    groupBy: {
      mode: 'plain',
      exprs: [
        call(
          'if',
          and([isNotNull(submission), compare('!=', submission, constant(''))]),
          call('toString', submission),
          call('toString', field('uuid')),
        ),
      ],
    },
  })
  return compare('in', field('uuid'), { kind: 'subquery', query: last })
}

/** A value that the web app draws: a tuple that says what it is. */
const tag =
  (name: string, attribute: string): Expansion =>
  (args) => ({ kind: 'tuple', items: [constant('__hx_tag'), constant(name), constant(attribute), first(args)] })

/** `make_interval(years, months, weeks, days, hours, minutes, seconds)`, those that are left out 0. */
const makeInterval: Expansion = (args) =>
  args
    .map((arg, i) =>
      call(
        ['toIntervalYear', 'toIntervalMonth', 'toIntervalWeek', 'toIntervalDay', 'toIntervalHour', 'toIntervalMinute'][i] ??
          'toIntervalSecond',
        arg,
      ),
    )
    .reduce((sum, each) => call('plus', sum, each))

const bot = (none: string | null, unknownBot: string | null) => ({ none: constant(none), unknownBot: constant(unknownBot) })

const expansions: Record<string, Expansion> = {
  lookupDomainType: placeOf((place) => place),
  lookupPaidSourceType: placeOf((place) => `Paid ${place}`),
  lookupOrganicSourceType: placeOf((place) => `Organic ${place}`),
  lookupPaidMediumType: mediumOf,
  lookupOrganicMediumType: mediumOf,
  isLikelyBot,
  isBot: isLikelyBot,
  getBotName: ofBot(({ name }) => name, bot('', '')),
  getBotOperator: ofBot(({ operator }) => operator, bot('', '')),
  getBotType: ofBot(({ category }) => category, bot('', 'other')),
  getTrafficCategory: ofBot(({ category }) => category, bot('regular', 'other')),
  getTrafficType: ofBot(({ category }) => trafficTypeOf(category), bot('Regular', 'Bot')),
  getSurveyResponse: surveyResponse,
  uniqueSurveySubmissionsFilter: surveySubmissions,
  sparkline: tag('Sparkline', 'data'),
  recordingButton: tag('RecordingButton', 'sessionId'),
  json_agg: (args) => call('toJSONString', call('groupArray', first(args))),
  make_interval: makeInterval,
}

/** Names that PostHog has, and why they mean nothing here. */
const refused: Record<string, string> = {
  convertCurrency: 'it needs exchange rates, which are not kept here; multiply by a rate of your own',
  embedText: 'it needs a language model',
  explainCSPReport: 'it needs a language model',
}

/** @throws HogqlError for a function of PostHog's that cannot be had here. */
export function refuseOwn(of: S.Call): void {
  const reason = Object.hasOwn(refused, of.name) ? refused[of.name] : undefined
  if (reason) throw new HogqlError('unsupported', `${of.name} is not supported: ${reason}`, of.span)
}

/** The call as what it stands for. @throws HogqlError where its arguments are not right. */
export function expandOwn(of: S.Call): S.Expr {
  const expand = Object.hasOwn(expansions, of.name) ? expansions[of.name] : undefined
  if (!expand) throw new HogqlError('unsupported', `${of.name} cannot be used here`, of.span)
  return expand(of.args, of)
}
