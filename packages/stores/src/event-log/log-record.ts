import { crc32 } from 'node:zlib'
import type { LogEntry, LogEntryHead, NewLogEntry } from './event-log.ts'

/**
 * The two kinds of records on disk, little-endian.
 *
 * In the log: magic (4 bytes), checksum of all that follows (4), position (8), project (4), events (4), payload's length (4), payload.
 * In its index: offset in the log (8), project (4), events (4), payload's length (4), checksum of these (4).
 */

export const logHeaderBytes = 28
export const indexRecordBytes = 24
const magic = 0x31_67_6f_6c

export function encodeRecord(position: number, entry: NewLogEntry): Buffer[] {
  const header = Buffer.allocUnsafe(logHeaderBytes)
  header.writeUInt32LE(magic, 0)
  header.writeDoubleLE(position, 8)
  header.writeUInt32LE(entry.projectId, 16)
  header.writeUInt32LE(entry.eventCount, 20)
  header.writeUInt32LE(entry.payload.byteLength, 24)
  const payload = Buffer.from(entry.payload.buffer, entry.payload.byteOffset, entry.payload.byteLength)
  const headerChecksum = crc32(header.subarray(8))
  // why: of an empty buffer, crc32 answers 0 and not the value that it was to go on from.
  header.writeUInt32LE(payload.length === 0 ? headerChecksum : crc32(payload, headerChecksum), 4)
  return [header, payload]
}

/** The record at `offset`, or undefined if there is no whole and sound one for that position. The payload is a view of `bytes`. */
export function decodeRecord(bytes: Buffer, offset: number, position: number): LogEntry | undefined {
  if (bytes.length - offset < logHeaderBytes || bytes.readUInt32LE(offset) !== magic) return undefined
  const end = offset + logHeaderBytes + bytes.readUInt32LE(offset + 24)
  if (end > bytes.length || bytes.readDoubleLE(offset + 8) !== position) return undefined
  if (crc32(bytes.subarray(offset + 8, end)) !== bytes.readUInt32LE(offset + 4)) return undefined
  return {
    position,
    projectId: bytes.readUInt32LE(offset + 16),
    eventCount: bytes.readUInt32LE(offset + 20),
    payload: bytes.subarray(offset + logHeaderBytes, end),
  }
}

export interface IndexRecord extends LogEntryHead {
  offset: number
  payloadBytes: number
}

export function encodeIndexRecord(record: Omit<IndexRecord, 'position'>): Buffer {
  const bytes = Buffer.allocUnsafe(indexRecordBytes)
  bytes.writeDoubleLE(record.offset, 0)
  bytes.writeUInt32LE(record.projectId, 8)
  bytes.writeUInt32LE(record.eventCount, 12)
  bytes.writeUInt32LE(record.payloadBytes, 16)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 20)), 20)
  return bytes
}

export function decodeIndexRecord(bytes: Buffer, at: number, position: number): IndexRecord | undefined {
  if (bytes.length - at < indexRecordBytes || crc32(bytes.subarray(at, at + 20)) !== bytes.readUInt32LE(at + 20)) return undefined
  return {
    position,
    offset: bytes.readDoubleLE(at),
    projectId: bytes.readUInt32LE(at + 8),
    eventCount: bytes.readUInt32LE(at + 12),
    payloadBytes: bytes.readUInt32LE(at + 16),
  }
}
