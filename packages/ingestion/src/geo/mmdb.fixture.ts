/** Writes small databases in the format of https://maxmind.github.io/MaxMind-DB/, for tests. */

type Value = string | number | bigint | Value[] | { [key: string]: Value }

const dataTypes = { text: 2, double: 3, uint16: 5, uint32: 6, map: 7, uint64: 9, list: 11 }

/** Networks and what is known of them. `bits` counts from the front of the address as 128 bits; IPv4 lies in ::/96. */
export interface Network {
  address: bigint
  bits: number
  record: { [key: string]: Value }
}

export function ipv4Network(address: string, bits: number, record: Network['record']): Network {
  const value = address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
  return { address: value, bits: 96 + bits, record }
}

export function writeMmdb(networks: readonly Network[]): Buffer {
  const data: Buffer[] = []
  const offsets = networks.map(({ record }) => {
    const offset = data.reduce((sum, { length }) => sum + length, 0)
    data.push(encode(record))
    return offset
  })
  const nodes = treeOf(networks)
  const tree = Buffer.alloc(nodes.length * 8)
  for (const [index, node] of nodes.entries()) {
    for (const side of [0, 1] as const) {
      const target = node[side]
      const empty = nodes.length
      const value = target === undefined ? empty : 'node' in target ? target.node : empty + 16 + (offsets[target.network] ?? 0)
      tree.writeUInt32BE(value, index * 8 + side * 4)
    }
  }
  const metadata = {
    node_count: nodes.length,
    record_size: 32,
    ip_version: 6,
    database_type: 'Test-City',
    languages: ['en'],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000n,
    description: { en: 'made for a test' },
  }
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'), encode(metadata)])
}

type Target = { node: number } | { network: number }
type Node = [Target | undefined, Target | undefined]

/** Networks must not lie inside each other. */
function treeOf(networks: readonly Network[]): Node[] {
  const nodes: Node[] = [[undefined, undefined]]
  for (const [network, { address, bits }] of networks.entries()) {
    let at = 0
    for (let depth = 0; depth < bits; depth += 1) {
      const node = nodes[at] as Node
      const side = Number((address >> BigInt(127 - depth)) & 1n) as 0 | 1
      if (depth === bits - 1) {
        node[side] = { network }
        break
      }
      const next = node[side]
      if (next && 'node' in next) at = next.node
      else {
        at = nodes.push([undefined, undefined]) - 1
        node[side] = { node: at }
      }
    }
  }
  return nodes
}

function encode(value: Value): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    return Buffer.concat([control(dataTypes.text, text.length), text])
  }
  if (typeof value === 'bigint') return Buffer.concat([control(dataTypes.uint64, 8), bigEndian(value, 8)])
  if (typeof value === 'number') return encodeNumber(value)
  if (Array.isArray(value)) return Buffer.concat([control(dataTypes.list, value.length), ...value.map(encode)])
  const entries = Object.entries(value)
  return Buffer.concat([control(dataTypes.map, entries.length), ...entries.flatMap(([key, item]) => [encode(key), encode(item)])])
}

function encodeNumber(value: number): Buffer {
  if (!Number.isInteger(value) || value < 0) {
    const double = Buffer.alloc(8)
    double.writeDoubleBE(value)
    return Buffer.concat([control(dataTypes.double, 8), double])
  }
  if (value < 65_536) return Buffer.concat([control(dataTypes.uint16, 2), bigEndian(BigInt(value), 2)])
  return Buffer.concat([control(dataTypes.uint32, 4), bigEndian(BigInt(value), 4)])
}

/** limit: sizes below 285, which test data stays below. */
function control(type: number, size: number): Buffer {
  const sizeBits = Math.min(size, 29)
  const more = size >= 29 ? [size - 29] : []
  return type > 7 ? Buffer.from([sizeBits, type - 7, ...more]) : Buffer.from([(type << 5) | sizeBits, ...more])
}

function bigEndian(value: bigint, bytes: number): Buffer {
  return Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex')
}
