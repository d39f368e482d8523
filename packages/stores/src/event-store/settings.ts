import type { EngineSettings } from './engine.ts'

/** Longest statement, bytes. Long lists belong into parameters. */
export const maxQueryBytes = 20_000_000

/**
 * Sent with every query and insert, so that no server's own configuration changes an answer.
 * The names are explained in docs/reference/event-store.md.
 */
const always: EngineSettings = {
  // Property names hold dots; they are stored as %2E, so that `a.b` and `a: {b}` are different properties.
  json_type_escape_dots_in_keys: 1,
  type_json_skip_duplicated_paths: 1,
  // A property that looks like a date stays the text that was sent.
  input_format_try_infer_dates: 0,
  input_format_try_infer_datetimes: 0,
  output_format_json_quote_64bit_integers: 0,
  output_format_json_escape_forward_slashes: 0,
  date_time_output_format: 'simple',
  session_timezone: 'UTC',
  max_query_size: maxQueryBytes,
}

export const querySettings: EngineSettings = {
  ...always,
  // Other settings may still be given with a query, tables may not be changed.
  readonly: 2,
  timeout_overflow_mode: 'throw',
  result_overflow_mode: 'throw',
  join_use_nulls: 0,
  allow_experimental_analyzer: 1,
  // Its default of one GiB for each thread leaves a query of at most one GB a single thread.
  max_threads_min_free_memory_per_thread: 0,
}

export const insertSettings: EngineSettings = {
  ...always,
  async_insert: 0,
  insert_deduplicate: 1,
  // No block holds two rows of the same key, so that looking for them is for nothing.
  optimize_on_insert: 0,
  // Rows of a materialized view are dropped together with the repeated block that they come from.
  deduplicate_blocks_in_dependent_materialized_views: 1,
  // One insert is one block: a block is what is stored once, or not at all.
  max_insert_block_size: 100_000_000,
  min_insert_block_size_rows: 100_000_000,
  min_insert_block_size_bytes: 4_000_000_000,
  max_parser_depth: 1_000,
  // Cutting the text into pieces for several threads cost more than it gained.
  input_format_parallel_parsing: 0,
  input_format_skip_unknown_fields: 0,
  throw_on_max_partitions_per_insert_block: 0,
}

export const commandSettings: EngineSettings = {
  ...always,
  // A mutation is done when the command returns.
  mutations_sync: 2,
  lightweight_deletes_sync: 2,
}
