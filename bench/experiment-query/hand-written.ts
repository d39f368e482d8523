import { asOf, flagKey, startedAt } from './generate.ts'

const at = (iso: string) => `toDateTime64('${iso.slice(0, 19).replace('T', ' ')}', 6, 'UTC')`
const [from, to] = [at(startedAt), at(asOf)]
const dayMicros = 86_400_000_000

/** The same sums of the same five metrics, as somebody who knows the engine would write them. */
export const handWritten = `
SELECT variant, count(),
  sum(n), sum(n * n), sum(n0), sum(n0 * n0), sum(n * n0),
  sum(x), sum(x * x), sum(r0), sum(r0 * r0), sum(x * r0),
  sum(f), sum(f0), sum(f * f0), sum(cart),
  sum(r), sum(r * r), sum(n), sum(n * n), sum(r * n),
  countIf(start > 0), sumIf(kept, start > 0)
FROM (
  SELECT *, least(r, quantileExact(0.99)(r) OVER ()) AS x FROM (
    SELECT variant,
      arrayFilter((t, a) -> t >= e AND t < e + ${14 * dayMicros}, bought, amounts) AS in_window,
      arrayFilter((a, t) -> t >= e AND t < e + ${14 * dayMicros}, amounts, bought) AS amounts_in,
      arrayFilter((a, t) -> t >= e - ${14 * dayMicros} AND t < e, amounts, bought) AS amounts_before,
      length(amounts_in) AS n, arraySum(amounts_in) AS r, length(amounts_before) AS n0, arraySum(amounts_before) AS r0,
      arrayMin(arrayFilter(t -> t >= e AND t < e + ${14 * dayMicros}, carts)) AS first_cart, first_cart > 0 AS cart,
      first_cart > 0 AND arrayExists(t -> t >= first_cart AND t < e + ${14 * dayMicros}, bought) AS f,
      arrayMin(arrayFilter(t -> t >= e - ${14 * dayMicros} AND t < e, carts)) AS first_cart_before,
      first_cart_before > 0 AND arrayExists(t -> t >= first_cart_before AND t < e, bought) AS f0,
      arrayMin(arrayFilter(t -> t >= e AND t < e + ${14 * dayMicros}, viewed)) AS start,
      arrayExists(t -> intDiv(t, ${dayMicros}) - intDiv(start, ${dayMicros}) BETWEEN 1 AND 7, viewed) AS kept
    FROM (
      SELECT
        if(uniqExactIf(properties.\`$feature_flag_response\`::String, is_exposure) > 1, '$multiple', anyIf(properties.\`$feature_flag_response\`::String, is_exposure)) AS variant,
        toUnixTimestamp64Micro(minIf(timestamp, event = '$feature_flag_called' AND properties.\`$feature_flag\`::String = '${flagKey}' AND properties.\`$feature_flag_response\`::String IN ('control', 'test') AND timestamp BETWEEN ${from} AND ${to}) AS exposed) AS e,
        groupArrayIf(toUnixTimestamp64Micro(timestamp), event = 'purchase') AS bought,
        groupArrayIf(toFloat64OrZero(properties.amount::String), event = 'purchase') AS amounts,
        groupArrayIf(toUnixTimestamp64Micro(timestamp), event = 'added to cart') AS carts,
        groupArrayIf(toUnixTimestamp64Micro(timestamp), event = '$pageview') AS viewed
      FROM (SELECT *, event = '$feature_flag_called' AND properties.\`$feature_flag\`::String = '${flagKey}' AND properties.\`$feature_flag_response\`::String IN ('control', 'test') AND timestamp BETWEEN ${from} AND ${to} AS is_exposure FROM events)
      WHERE project_id = 1 AND event IN ('$feature_flag_called', 'purchase', 'added to cart', '$pageview') AND timestamp >= ${from} - INTERVAL 14 DAY AND timestamp <= ${to}
      GROUP BY person_id
      HAVING countIf(is_exposure) > 0
    )
  )
)
GROUP BY variant ORDER BY variant`
