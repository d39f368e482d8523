import type { FunctionEntry, ResultRule } from './function-entry.ts'
import * as t from './value-type.ts'

/**
 * Every function that a query may call. What is not here does not exist, however ClickHouse may know it: functions that reach outside
 * of the query's own tables (files, dictionaries, URLs, settings, the server itself) are left out on purpose.
 */

const anyNullable = (args: t.ValueType[]) => args.some((arg) => arg.nullable)
const fixed =
  (type: t.ValueType): ResultRule =>
  (args) =>
    anyNullable(args) ? t.nullable(type) : type
const always =
  (type: t.ValueType): ResultRule =>
  () =>
    type
const like =
  (index: number): ResultRule =>
  (args) =>
    args[index] ?? t.unknown
const itemOf =
  (index: number): ResultRule =>
  (args) => {
    const arg = args[index]
    return arg?.name === 'array' ? arg.item : t.unknown
  }
const widest: ResultRule = (args) => args.reduce(t.eitherOf, t.nothing)
const arrayOfArg =
  (index: number): ResultRule =>
  (args) =>
    t.arrayOf(t.notNull(args[index] ?? t.unknown))
const dateOrTime: ResultRule = (args) => {
  const [first] = args
  return first?.name === 'date' || first?.name === 'datetime' ? first : t.nullable(t.datetime)
}
const numeric: ResultRule = (args) => (args.some((arg) => arg.name !== 'integer') ? fixed(t.float)(args) : fixed(t.integer)(args))

const rules = {
  string: fixed(t.string),
  integer: fixed(t.integer),
  float: fixed(t.float),
  boolean: fixed(t.boolean),
  datetime: fixed(t.datetime),
  date: fixed(t.date),
  uuid: fixed(t.uuid),
  interval: fixed(t.interval),
  'string?': always(t.nullable(t.string)),
  'integer?': always(t.nullable(t.integer)),
  'float?': always(t.nullable(t.float)),
  'boolean?': always(t.nullable(t.boolean)),
  'datetime?': always(t.nullable(t.datetime)),
  'date?': always(t.nullable(t.date)),
  'uuid?': always(t.nullable(t.uuid)),
  'boolean!': always(t.boolean),
  'integer!': always(t.integer),
  'float!': always(t.float),
  strings: always(t.arrayOf(t.string)),
  integers: always(t.arrayOf(t.integer)),
  unknowns: always(t.arrayOf(t.unknown)),
  unknown: always(t.unknown),
  first: like(0),
  second: like(1),
  'first?': (args) => t.nullable(args[0] ?? t.unknown),
  item: itemOf(0),
  widest,
  'array of first': arrayOfArg(0),
  'date or time': dateOrTime,
  numeric,
  'not null': (args) => t.notNull(args[0] ?? t.unknown),
  tuple: (args) => t.tupleOf(args),
  map: always(t.map),
} satisfies Record<string, ResultRule>

type RuleName = keyof typeof rules

const entries = new Map<string, FunctionEntry>()

interface Traits {
  kind?: FunctionEntry['kind']
  arity?: [number, number]
  instants?: boolean
  parametric?: boolean
  isOwn?: boolean
}

/** `names`: HogQL names, blank-separated; `a=b` where ClickHouse calls it b. */
function define(rule: RuleName, names: string, traits: Traits = {}): void {
  const { kind = 'scalar', arity = [0, 1000], instants = kind !== 'scalar', parametric = false, isOwn = false } = traits
  for (const word of names.split(/\s+/).filter(Boolean)) {
    const [name = word, engineName = name] = word.split('=')
    entries.set(name, { name, engineName, kind, arity, result: rules[rule], instants, parametric, isOwn })
  }
}

// ── arithmetic and numbers ──────────────────────────────────────────────────────────────────────────────────────────
define('numeric', 'abs negate sign intDiv=intDiv intDivOrZero modulo moduloOrZero positiveModulo gcd lcm max2 min2 byteSwap')
define('numeric', 'plus minus multiply', { instants: true, arity: [2, 2] })
define(
  'float',
  'divide exp log ln=log exp2 log2 exp10 log10 sqrt cbrt erf erfc lgamma tgamma sin cos tan asin acos atan atan2 sinh cosh asinh acosh atanh hypot log1p degrees radians pow power',
)
define('float', 'pi e', { arity: [0, 0] })
define('numeric', 'round roundBankers floor ceil ceiling=ceil trunc truncate=trunc roundToExp2 roundDuration roundAge roundDown', {
  arity: [1, 2],
})
define(
  'integer',
  'bitAnd bitOr bitXor bitNot bitShiftLeft bitShiftRight bitRotateLeft bitRotateRight bitTest bitTestAll bitTestAny bitCount bitHammingDistance factorial width_bucket=widthBucket sipHash64 cityHash64 xxHash32 xxHash64 murmurHash2_32 murmurHash2_64 murmurHash3_32 murmurHash3_64 farmHash64 intHash32 intHash64 javaHash hiveHash metroHash64 halfMD5',
)
define(
  'string',
  'MD5 SHA1 SHA224 SHA256 SHA384 SHA512 sipHash128 murmurHash3_128 hex unhex bin unbin base64Encode base64Decode tryBase64Decode base64URLEncode base64URLDecode',
)
define('boolean', 'isFinite isInfinite isNaN', { arity: [1, 1] })
define('first', 'ifNotFinite', { arity: [2, 2] })
define('float!', 'rand=rand rand64 randUniform randNormal randCanonical')
define('uuid', 'generateUUIDv4', { arity: [0, 0] })

// ── conditions and nulls ────────────────────────────────────────────────────────────────────────────────────────────
define('widest', 'coalesce', { arity: [1, 1000], instants: true })
define('widest', 'greatest least', { arity: [1, 1000], instants: true })
define('widest', 'ifNull', { arity: [2, 2], instants: true })
define('first?', 'nullIf toNullable', { arity: [1, 2], instants: true })
define('not null', 'assumeNotNull', { arity: [1, 1], instants: true })
define('boolean!', 'isNull isNotNull isZeroOrNull', { arity: [1, 1], instants: true })
define('unknown', 'if', { arity: [3, 3], instants: true })
define('unknown', 'multiIf', { arity: [3, 1001], instants: true })
define('unknown', 'transform', { arity: [2, 1001], instants: true })
define('boolean', 'and or xor', { arity: [2, 1000] })
define('boolean', 'not', { arity: [1, 1] })
define('boolean', 'equals notEquals less greater lessOrEquals greaterOrEquals', { arity: [2, 2], instants: true })
define('boolean', 'in notIn like notLike ilike notILike match', { arity: [2, 2], instants: true })

// ── conversion ──────────────────────────────────────────────────────────────────────────────────────────────────────
define('string', 'toString', { arity: [1, 2] })
define('integer?', 'toInt toInteger=toInt', { arity: [1, 1] })
define('float?', 'toFloat', { arity: [1, 1] })
define('boolean?', 'toBool', { arity: [1, 1] })
define('uuid?', 'toUUID', { arity: [1, 1] })
define('unknown', 'toDecimal', { arity: [2, 2] })
define(
  'integer',
  '_toInt8=toInt8 _toInt16=toInt16 _toInt32=toInt32 _toInt64=toInt64 _toUInt8=toUInt8 _toUInt16=toUInt16 _toUInt32=toUInt32 _toUInt64=toUInt64 _toUInt128=toUInt128',
  { arity: [1, 1] },
)
define('integer?', 'toInt64OrNull toUInt64OrNull toInt32OrNull toIntOrNull=toInt64OrNull accurateCastOrNull', { arity: [1, 2] })
define('integer', 'toIntOrZero=toInt64OrZero toInt64OrZero', { arity: [1, 1] })
define('float?', 'toFloatOrNull=toFloat64OrNull toFloat64OrNull', { arity: [1, 1] })
define('float', 'toFloatOrZero=toFloat64OrZero toFloatOrDefault=toFloat64OrDefault _toFloat64=toFloat64 toFloat64', { arity: [1, 2] })
define('uuid?', 'toUUIDOrNull', { arity: [1, 1] })
define('uuid', 'toUUIDOrZero _toUUID=toUUID', { arity: [1, 1] })
define('date?', 'toDate to_date=toDate', { arity: [1, 2] })
define('date', '_toDate=toDate', { arity: [1, 2] })
define('datetime?', 'toDateTime toDateTime64 parseDateTime parseDateTimeBestEffort parseDateTime64BestEffort to_timestamp=toDateTime', {
  arity: [1, 3],
})
define(
  'datetime',
  '_toDateTime=toDateTime _toDateTime64=toDateTime64 fromUnixTimestamp fromUnixTimestamp64Milli fromUnixTimestamp64Micro UUIDv7ToDateTime',
  {
    arity: [1, 3],
  },
)
define('integer', 'reinterpretAsInt64 reinterpretAsUInt64 reinterpretAsUInt128', { arity: [1, 1] })
define('string', 'toTypeName formatReadableSize formatReadableDecimalSize formatReadableQuantity formatReadableTimeDelta')

define('integer?', 'toInt8OrNull toInt16OrNull toUInt8OrNull toUInt16OrNull toUInt32OrNull toInt128OrNull toUInt128OrNull', {
  arity: [1, 1],
})
define('integer', 'toInt8OrZero toInt16OrZero toInt32OrZero toUInt8OrZero toUInt16OrZero toUInt32OrZero toUInt64OrZero', { arity: [1, 1] })
define('float?', 'toFloat32OrNull', { arity: [1, 1] })
define('float', 'toFloat32OrZero _toFloat32=toFloat32', { arity: [1, 1] })
define('date?', 'toDateOrNull', { arity: [1, 1] })
define(
  'datetime?',
  'toDateTimeOrNull toDateTime64OrNull parseDateTimeOrNull parseDateTimeBestEffortOrNull parseDateTime64BestEffortOrNull parseDateTimeBestEffortUSOrNull',
  {
    arity: [1, 3],
  },
)
define('uuid', 'generateUUIDv7 UUIDNumToString', { arity: [0, 1] })
define('string', 'UUIDStringToNum UUIDToNum ', { arity: [0, 1] })

// ── text ────────────────────────────────────────────────────────────────────────────────────────────────────────────
define(
  'integer',
  'length lengthUTF8 char_length=lengthUTF8 position strpos=position positionUTF8 positionCaseInsensitive positionCaseInsensitiveUTF8 locate countSubstrings countSubstringsCaseInsensitive countMatches countMatchesCaseInsensitive levenshteinDistance editDistance damerauLevenshteinDistance ascii crc32=CRC32 ngramDistance',
  { instants: true },
)
define(
  'boolean',
  'empty notEmpty startsWith endsWith startsWithUTF8 endsWithUTF8 multiMatchAny multiSearchAny multiSearchAnyCaseInsensitive multiSearchAnyCaseInsensitiveUTF8 hasToken hasTokenCaseInsensitive isValidUTF8 hasSubsequence',
  { instants: true },
)
define('integer', 'multiMatchAnyIndex multiSearchFirstIndex multiSearchFirstPosition')
define(
  'string',
  'lower upper lowerUTF8 upperUTF8 reverse reverseUTF8 concat substring substringUTF8 substr=substring mid=substring left right leftUTF8 rightUTF8 repeat space trim trimLeft trimRight ltrim=trimLeft rtrim=trimRight btrim=trimBoth trimBoth leftPad rightPad lpad=leftPad rpad=rightPad leftPadUTF8 rightPadUTF8 initcap initcapUTF8 normalizeQuery toValidUTF8 replace=replaceAll replaceOne replaceAll replaceRegexpOne replaceRegexpAll translate translateUTF8 format appendTrailingCharIfAbsent substringIndex substringIndexUTF8 soundex regexpQuoteMeta encodeXMLComponent decodeXMLComponent decodeHTMLComponent extractTextFromHTML extract regexpExtract normalizeUTF8NFC normalizeUTF8NFD concatWithSeparator concat_ws=concatWithSeparator char overlay',
)
define(
  'strings',
  'splitByChar splitByString splitByRegexp splitByWhitespace splitByNonAlpha alphaTokens extractAll extractAllGroups=extractAllGroupsVertical extractGroups ngrams tokens',
)
define('unknowns', 'extractAllGroupsHorizontal extractAllGroupsVertical multiMatchAllIndices multiSearchAllPositions')
define('string', 'arrayStringConcat', { arity: [1, 2] })
define('string', 'split_part', { arity: [3, 3] })

define(
  'integer',
  'byteHammingDistance ngramDistanceUTF8 ngramDistanceCaseInsensitive ngramSearch ngramSearchUTF8 ngramSearchCaseInsensitive',
)
define('float', 'stringJaccardIndex stringJaccardIndexUTF8 jaroSimilarity jaroWinklerSimilarity')
define('string', 'normalizeUTF8NFKC normalizeUTF8NFKD convertCharset firstLine stringBytesEntropy')
define('strings', 'splitByAlpha=alphaTokens')
define('boolean', 'multiFuzzyMatchAny hasTokenOrNull hasSubsequenceCaseInsensitive', { instants: true })

// ── URLs ────────────────────────────────────────────────────────────────────────────────────────────────────────────
define(
  'string',
  'protocol domain domainWithoutWWW topLevelDomain firstSignificantSubdomain cutToFirstSignificantSubdomain path pathFull queryString fragment queryStringAndFragment extractURLParameter decodeURLComponent encodeURLComponent decodeURLFormComponent encodeURLFormComponent cutWWW cutQueryString cutFragment cutQueryStringAndFragment cutURLParameter netloc',
)
define('integer', 'port')
define('strings', 'extractURLParameters extractURLParameterNames URLHierarchy URLPathHierarchy')

// ── JSON ────────────────────────────────────────────────────────────────────────────────────────────────────────────
define('boolean', 'isValidJSON JSONHas JSONExtractBool', { arity: [1, 100] })
define('integer', 'JSONLength JSONExtractInt JSONExtractUInt', { arity: [1, 100] })
define('float', 'JSONExtractFloat', { arity: [1, 100] })
define('string', 'JSONType JSONExtractString JSONExtractRaw toJSONString JSON_VALUE JSON_QUERY', { arity: [1, 100] })
define('strings', 'JSONExtractKeys JSONExtractArrayRaw', { arity: [1, 100] })
define(
  'unknown',
  'JSONExtract JSONExtractKeysAndValues JSONExtractKeysAndValuesRaw _JSONExtractKeysAndValuesRaw=JSONExtractKeysAndValuesRaw',
  { arity: [1, 100] },
)

define('string', 'simpleJSONExtractString simpleJSONExtractRaw visitParamExtractString visitParamExtractRaw JSONMergePatch', {
  arity: [2, 100],
})
define('integer', 'simpleJSONExtractInt simpleJSONExtractUInt visitParamExtractInt visitParamExtractUInt', { arity: [2, 2] })
define('float', 'simpleJSONExtractFloat visitParamExtractFloat', { arity: [2, 2] })
define('boolean', 'simpleJSONHas simpleJSONExtractBool visitParamHas visitParamExtractBool JSON_EXISTS', { arity: [2, 2] })

// ── dates ───────────────────────────────────────────────────────────────────────────────────────────────────────────
define('datetime', 'now NOW=now current_timestamp=now', { arity: [0, 1] })
define('date', 'today yesterday current_date=today', { arity: [0, 0] })
define(
  'integer',
  'toYear toQuarter toMonth toDayOfYear toDayOfMonth toDayOfWeek toHour toMinute toSecond toMillisecond toISOYear toISOWeek toWeek toYearWeek toUnixTimestamp toUnixTimestamp64Milli toUnixTimestamp64Micro toYYYYMM toYYYYMMDD toYYYYMMDDhhmmss toRelativeYearNum toRelativeQuarterNum toRelativeMonthNum toRelativeWeekNum toRelativeDayNum toRelativeHourNum toRelativeMinuteNum toRelativeSecondNum timeSlot year=toYear month=toMonth day=toDayOfMonth hour=toHour minute=toMinute second=toSecond quarter=toQuarter dayOfWeek=toDayOfWeek dayOfYear=toDayOfYear',
  { arity: [1, 3] },
)
define('date', 'toStartOfYear toStartOfISOYear toStartOfQuarter toStartOfMonth toMonday toLastDayOfMonth toLastDayOfWeek toStartOfWeek', {
  arity: [1, 2],
})
define(
  'datetime',
  'toStartOfDay toStartOfHour toStartOfMinute toStartOfSecond toStartOfFiveMinutes toStartOfFiveMinute=toStartOfFiveMinutes toStartOfTenMinutes toStartOfFifteenMinutes toTime',
  { arity: [1, 2] },
)
define('date or time', 'toStartOfInterval', { arity: [2, 3] })
define('date or time', 'date_bin', { arity: [2, 3] })
define(
  'date or time',
  'addYears addQuarters addMonths addWeeks subtractYears subtractQuarters subtractMonths subtractWeeks addDays subtractDays',
  { arity: [2, 2] },
)
define('datetime', 'addHours addMinutes addSeconds addMilliseconds subtractHours subtractMinutes subtractSeconds', { arity: [2, 2] })
define('integer', 'dateDiff date_diff=dateDiff age timeDiff', { arity: [2, 4] })
define('datetime', 'dateTrunc date_trunc=dateTrunc', { arity: [2, 2] })
define('integer', 'datePart date_part=datePart', { arity: [2, 2] })
define('date or time', 'date_add=dateAdd dateAdd date_subtract=dateSub dateSub date_sub=dateSub', { arity: [2, 3] })
define('string', 'formatDateTime dateName monthName to_char=formatDateTime', { arity: [1, 3] })
define('datetime', 'toTimeZone', { arity: [2, 2], instants: true })
define('datetime', 'timezone', { arity: [2, 2], instants: true })
define('datetime?', 'make_timestamp=makeDateTime make_timestamptz=makeDateTime', { arity: [6, 7] })
define('date?', 'make_date=makeDate makeDate', { arity: [3, 3] })
define(
  'interval',
  'toIntervalSecond toIntervalMinute toIntervalHour toIntervalDay toIntervalWeek toIntervalMonth toIntervalQuarter toIntervalYear',
  { arity: [1, 1] },
)
define('interval', 'make_interval', { arity: [1, 7], isOwn: true })
define('interval', 'toIntervalMillisecond toIntervalMicrosecond', { arity: [1, 1] })
define('unknown', 'tumble hop', { arity: [2, 4] })
define('datetime', 'tumbleStart tumbleEnd hopStart hopEnd', { arity: [2, 4] })
define('unknowns', 'timeSlots', { arity: [2, 3] })

// ── arrays, tuples, maps ────────────────────────────────────────────────────────────────────────────────────────────
define('unknowns', 'array', { arity: [0, 10_000] })
define('tuple', 'tuple', { arity: [1, 10_000], instants: true })
define('unknown', 'tupleElement tuplePlus tupleMinus tupleConcat mapKeys mapValues mapContains')
define('map', 'map mapFromArrays mapAdd mapSubtract mapFilter mapApply mapUpdate mapConcat')
define('integers', 'range arrayEnumerate arrayEnumerateUniq arrayEnumerateDense bitPositionsToArray')
define('item', 'arrayElement', { arity: [2, 2] })
define(
  'unknowns',
  'arrayMap arrayFill arrayReverseFill arraySplit arrayReverseSplit arrayZip arrayZipUnaligned arrayDifference arrayCumSum arrayCumSumNonNegative arrayFlatten=arrayFlatten arrayCompact arrayReduceInRanges arrayConcat arrayUnion arrayIntersect arraySymmetricDifference emptyArrayString emptyArrayInt64=emptyArrayInt64',
  { instants: true },
)
define('second', 'arrayFilter', { arity: [2, 20], instants: true })
define('unknowns', 'arraySort arrayReverseSort arrayPartialSort arrayPartialReverseSort', { instants: true })
define(
  'first',
  'arrayReverse reverse arrayDistinct arrayPopBack arrayPopFront arrayPushBack arrayPushFront arraySlice arrayResize arrayShiftLeft arrayShiftRight arrayRotateLeft arrayRotateRight arrayRemove arrayShuffle arrayRandomSample',
  { instants: true },
)
define('boolean', 'has hasAll hasAny hasSubstr arrayExists arrayAll', { instants: true })
define('integer', 'indexOf countEqual arrayCount arrayUniq arrayFirstIndex arrayLastIndex', { instants: true })
define(
  'unknown',
  'arrayFirst arrayLast arrayFirstOrNull arrayLastOrNull arrayMin arrayMax arraySum arrayProduct arrayReduce arrayFold arrayJoin',
  { instants: true },
)
define('float', 'arrayAvg arrayAUC')

define('unknowns', 'arrayPartialShuffle arrayNormalizedGini arrayEnumerateUniqRanked arrayEnumerateDenseRanked', { instants: true })
define(
  'unknown',
  'tupleMultiply tupleDivide tupleNegate tupleHammingDistance tupleToNameValuePairs flattenTuple dotProduct mapSort mapReverseSort mapAll mapExists mapContainsKeyLike mapExtractKeyLike mapPopulateSeries',
)
define('float', 'L1Norm L2Norm LinfNorm L1Distance L2Distance LinfDistance cosineDistance')

// ── geography, addresses, bits ──────────────────────────────────────────────────────────────────────────────────────
define('float', 'greatCircleDistance geoDistance greatCircleAngle pointInEllipses')
define('boolean', 'pointInPolygon isIPv4String isIPv6String isIPAddressInRange')
define(
  'unknown',
  'geohashEncode geohashDecode geohashesInBox toIPv4 toIPv6 toIPv4OrNull toIPv6OrNull IPv4NumToString IPv4StringToNum IPv6NumToString IPv6StringToNum IPv4CIDRToRange',
)

define('integer', 'geoToH3 stringToH3 h3GetResolution h3GetBaseCell h3Distance h3ToParent h3EdgeLengthM', { instants: true })
define('string', 'h3ToString')
define('boolean', 'h3IsValid h3IndexesAreNeighbors')
define('float', 'h3EdgeAngle h3HexAreaM2 h3HexAreaKm2 h3CellAreaM2')
define('unknowns', 'h3kRing h3ToChildren h3ToGeo h3ToGeoBoundary h3Line')

// ── PostHog's own ───────────────────────────────────────────────────────────────────────────────────────────────────
define('unknowns', 'sortableSemver', { arity: [1, 1] })
define(
  'string?',
  'lookupDomainType lookupPaidSourceType lookupOrganicSourceType lookupPaidMediumType lookupOrganicMediumType getBotName getBotOperator getBotType getTrafficCategory getTrafficType',
  { arity: [1, 1], isOwn: true },
)
define('boolean', 'isLikelyBot isBot', { arity: [1, 1], isOwn: true })
define('unknown', 'getSurveyResponse', { arity: [1, 3], isOwn: true })
define('boolean', 'uniqueSurveySubmissionsFilter', { arity: [1, 1], isOwn: true })
define('unknown', 'sparkline recordingButton', { arity: [1, 2], isOwn: true })
// Put in before a query is resolved; here for completion.
define('boolean', 'matchesAction', { arity: [1, 1], isOwn: true })

// ── aggregates ──────────────────────────────────────────────────────────────────────────────────────────────────────
const aggregate = { kind: 'aggregate' } as const
define('integer!', 'count uniq uniqExact uniqCombined uniqCombined64 uniqHLL12 countDistinct=uniqExact', {
  ...aggregate,
  arity: [0, 20],
})
define(
  'first',
  'any anyLast any_value=any anyHeavy min max first_value last_value first_value_respect_nulls last_value_respect_nulls singleValueOrNull argMin argMax',
  { ...aggregate, arity: [1, 2] },
)
define('unknown', 'sum sumWithOverflow sumKahan sumCount deltaSum deltaSumTimestamp boundingRatio', {
  ...aggregate,
  arity: [1, 10],
})
define(
  'float?',
  'avg avgWeighted stddevPop stddevSamp stddevPopStable stddevSampStable varPop varSamp covarPop covarSamp corr skewPop skewSamp kurtPop kurtSamp median medianExact medianExactWeighted entropy simpleLinearRegression',
  { ...aggregate, arity: [1, 2] },
)
define(
  'float?',
  'quantile quantileExact quantileExactLow quantileExactHigh quantileExactInclusive quantileExactExclusive quantileExactWeighted quantileTiming quantileTDigest quantileTDigestWeighted quantileDeterministic quantileBFloat16 quantileDD',
  { ...aggregate, arity: [1, 2], parametric: true },
)
define('unknowns', 'quantiles quantilesExact quantilesTiming quantilesTDigest quantilesExactWeighted', {
  ...aggregate,
  arity: [1, 2],
  parametric: true,
})
define('array of first', 'groupArray groupUniqArray groupArrayLast groupArraySample array_agg=groupArray', {
  ...aggregate,
  arity: [1, 2],
  parametric: true,
})
define(
  'unknowns',
  'groupArrayInsertAt groupArrayMovingSum groupArrayMovingAvg groupArraySorted groupConcat topK topKWeighted approx_top_k approx_top_sum histogram',
  { ...aggregate, arity: [1, 3], parametric: true },
)
define(
  'unknown',
  'groupBitAnd groupBitOr groupBitXor groupBitmap windowFunnel retention sequenceMatch sequenceCount sequenceNextNode maxIntersections maxIntersectionsPosition mannWhitneyUTest studentTTest welchTTest contingency cramersV theilsU exponentialMovingAverage sparkbar string_agg=groupConcat',
  { ...aggregate, arity: [1, 40], parametric: true },
)

define('boolean', 'every=min', { ...aggregate, arity: [1, 1] })
define('string', 'json_agg', { ...aggregate, arity: [1, 1], isOwn: true })
define('integer!', 'uniqUpTo', { ...aggregate, arity: [1, 20], parametric: true })
define('float?', 'quantileGK quantileInterpolatedWeighted quantileTimingWeighted', { ...aggregate, arity: [1, 2], parametric: true })
define(
  'unknowns',
  'quantilesGK quantilesExactLow quantilesExactHigh quantilesExactInclusive quantilesExactExclusive quantilesDD quantilesBFloat16',
  {
    ...aggregate,
    arity: [1, 2],
    parametric: true,
  },
)
define(
  'unknown',
  'rankCorr kolmogorovSmirnovTest meanZTest cramersVBiasCorrected categoricalInformationValue intervalLengthSum largestTriangleThreeBuckets groupArrayIntersect corrMatrix covarPopMatrix covarSampMatrix varPopStable varSampStable covarPopStable covarSampStable corrStable',
  { ...aggregate, arity: [1, 40], parametric: true },
)

// ── windows ─────────────────────────────────────────────────────────────────────────────────────────────────────────
const window = { kind: 'window' } as const
define('integer!', 'row_number rank dense_rank ntile', { ...window, arity: [0, 1] })
define('float!', 'percent_rank cume_dist', { ...window, arity: [0, 0] })
define('first?', 'lag lead lagInFrame leadInFrame nth_value', { ...window, arity: [1, 3] })

const byLowerCase = new Map([...entries.values()].map((entry) => [entry.name.toLowerCase(), entry]))

const combinators: Record<string, (result: t.ValueType) => t.ValueType> = {
  If: (result) => result,
  Array: (result) => result,
  ArgMin: t.nullable,
  ArgMax: t.nullable,
  OrNull: t.nullable,
  OrDefault: t.notNull,
  Distinct: (result) => result,
  ForEach: (result) => t.arrayOf(result),
  Map: () => t.unknown,
  State: () => t.unknown,
  SimpleState: () => t.unknown,
  Merge: () => t.unknown,
  MergeState: () => t.unknown,
  Resample: () => t.unknown,
}

/** The function of that name, if queries may call it: `quantileIf` is made from `quantile` and its combinator. */
export function findFunction(name: string): FunctionEntry | undefined {
  return entries.get(name) ?? byLowerCase.get(name.toLowerCase()) ?? combined.get(name) ?? findCombined(name)
}

/** limit: names with combinators that are remembered; there are as many as people can think of. */
const mostCombined = 1_000
const combined = new Map<string, FunctionEntry>()

function findCombined(name: string): FunctionEntry | undefined {
  for (const [suffix, result] of Object.entries(combinators)) {
    if (!name.endsWith(suffix) || name.length === suffix.length) continue
    const of = findFunction(name.slice(0, -suffix.length))
    if (of?.kind !== 'aggregate') continue
    const entry: FunctionEntry = {
      ...of,
      name,
      engineName: of.engineName + suffix,
      arity: [0, of.arity[1] + 3],
      result: (args) => result(of.result(args)),
    }
    if (combined.size >= mostCombined) combined.clear()
    combined.set(name, entry)
    return entry
  }
  return undefined
}

/** Names of all functions, without combinators: for near misses, completion and the reference. */
export function functionNames(kind?: FunctionEntry['kind']): string[] {
  return [...entries.values()].filter((entry) => !kind || entry.kind === kind).map((entry) => entry.name)
}
