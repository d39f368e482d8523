export type StoresErrorCode =
  /** Another live process has the data directory. */
  | 'data_directory_in_use'
  /** The data directory cannot be made or written. */
  | 'data_directory_unusable'
  /** A newer version of the program has already changed the database. */
  | 'database_newer_than_program'
  /** A migration that stands recorded as applied reads differently now. */
  | 'migration_changed'
  | 'migration_failed'
  | 'application_store_unreachable'
  /** A store's URL is not of a kind that the store can use. */
  | 'invalid_store_url'

/** Why the stores could not be opened. The message names the value and what would be right. */
export class StoresError extends Error {
  readonly code: StoresErrorCode
  constructor(code: StoresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoresError'
    this.code = code
  }
}
