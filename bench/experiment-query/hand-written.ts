import { asOf, flagKey, startedAt } from './generate.ts'

const at = (iso: string) => `toDateTime64('${iso.slice(0, 19).replace('T', ' ')}', 6, 'UTC')`
const [from, to] = [at(startedAt), at(asOf)]
const dayMicros = 86_400_000_000
const [after, before] = [`t >= e AND t < e + ${14 * dayMicros}`, `t >= e - ${14 * dayMicros} AND t < e`]
const isExposure = `event = '$feature_flag_called' AND properties.\`$feature_flag\` = '${flagKey}' AND properties.\`$feature_flag_response\`::String IN ('control', 'test') AND timestamp BETWEEN ${from} AND ${to}`

/** The same sums of the same five metrics, as somebody who knows the engine would write them: one pass, plain arrays, each expression once. */
export const handWritten = `
SELECT variant, people,
  n, nn, n0, n0n0, nn0,
  arraySum(x) AS sx, arraySum(v -> v * v, x), arraySum(r0s), arraySum(v -> v * v, r0s), arraySum((v, w) -> v * w, x, r0s),
  f, f0, ff0, cart,
  r, rr, n, nn, rn, started, kept
FROM (
  SELECT *, arrayMap(v -> least(v, bound), rs) AS x FROM (
    SELECT *, quantileExactArray(0.99)(rs) OVER () AS bound FROM (
      SELECT variant, count() AS people,
        sum(n_) AS n, sum(n_ * n_) AS nn, sum(n0_) AS n0, sum(n0_ * n0_) AS n0n0, sum(n_ * n0_) AS nn0,
        groupArray(r_) AS rs, groupArray(r0_) AS r0s,
        countIf(f_) AS f, countIf(f0_) AS f0, countIf(f_ AND f0_) AS ff0, countIf(first_cart > 0) AS cart,
        sum(r_) AS r, sum(r_ * r_) AS rr, sum(r_ * n_) AS rn,
        countIf(start > 0) AS started, countIf(start > 0 AND kept_) AS kept
      FROM (
        SELECT variant,
          arrayCount(t -> ${after}, bought) AS n_, arrayCount(t -> ${before}, bought) AS n0_,
          arraySum((a, t) -> if(${after}, a, 0), amounts, bought) AS r_, arraySum((a, t) -> if(${before}, a, 0), amounts, bought) AS r0_,
          arrayMin(arrayFilter(t -> ${after}, carts)) AS first_cart,
          first_cart > 0 AND arrayExists(t -> t >= first_cart AND t < e + ${14 * dayMicros}, bought) AS f_,
          arrayMin(arrayFilter(t -> ${before}, carts)) AS first_cart_before,
          first_cart_before > 0 AND arrayExists(t -> t >= first_cart_before AND t < e, bought) AS f0_,
          arrayMin(arrayFilter(t -> ${after}, viewed)) AS start,
          arrayExists(t -> intDiv(t, ${dayMicros}) - intDiv(start, ${dayMicros}) BETWEEN 1 AND 7, viewed) AS kept_
        FROM (
          SELECT
            if(minIf(properties.\`$feature_flag_response\`::String, ${isExposure}) = maxIf(properties.\`$feature_flag_response\`::String, ${isExposure}),
              minIf(properties.\`$feature_flag_response\`::String, ${isExposure}), '$multiple') AS variant,
            toUnixTimestamp64Micro(minIf(timestamp, ${isExposure})) AS e,
            groupArrayIf(toUnixTimestamp64Micro(timestamp), event = 'purchase') AS bought,
            groupArrayIf(toFloat64OrZero(properties.amount::String), event = 'purchase') AS amounts,
            groupArrayIf(toUnixTimestamp64Micro(timestamp), event = 'added to cart') AS carts,
            groupArrayIf(toUnixTimestamp64Micro(timestamp), event = '$pageview') AS viewed
          FROM events
          PREWHERE project_id = 1 AND event IN ('$feature_flag_called', 'purchase', 'added to cart', '$pageview')
            AND timestamp >= ${from} - INTERVAL 14 DAY AND timestamp <= ${to}
          GROUP BY person_id
          HAVING countIf(${isExposure}) > 0
        )
      )
      GROUP BY variant
    )
  )
) ORDER BY variant`
