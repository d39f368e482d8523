/** The parameters of a form that matter here. `data` is still percent-decoded bytes: it may be JSON, base64 or gzip. */
export interface FormBody {
  data?: Buffer
  compression?: string
  token?: string
}

// More than any client sends; a body of nothing but ampersands would take seconds.
const maxFields = 1000

const ampersand = 0x26
const percent = 0x25
const plus = 0x2b
const space = 0x20
const equals = 0x3d

/** Reads `application/x-www-form-urlencoded` bytes; a malformed escape stands for itself. */
export function parseFormBody(body: Buffer): FormBody {
  const form: FormBody = {}
  for (let from = 0, fields = 0; from <= body.length && fields < maxFields; fields++) {
    const next = body.indexOf(ampersand, from)
    const to = next === -1 ? body.length : next
    const middle = body.subarray(from, to).indexOf(equals)
    if (middle !== -1) {
      const name = percentDecode(body.subarray(from, from + middle)).toString('latin1')
      const value = body.subarray(from + middle + 1, to)
      if (name === 'data') form.data ??= percentDecode(value)
      else if (name === 'compression') form.compression ??= percentDecode(value).toString('latin1')
      else if (name === 'api_key' || name === 'token') form.token ??= percentDecode(value).toString('utf8')
    }
    from = to + 1
  }
  return form
}

/** `%41+` → `A `. */
function percentDecode(bytes: Buffer): Buffer {
  if (bytes.indexOf(percent) === -1 && bytes.indexOf(plus) === -1) return bytes
  const decoded = Buffer.allocUnsafe(bytes.length)
  let length = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number
    if (byte === percent) {
      const high = hexDigit(bytes[i + 1])
      const low = hexDigit(bytes[i + 2])
      if (high !== -1 && low !== -1) {
        decoded[length++] = high * 16 + low
        i += 2
        continue
      }
    }
    decoded[length++] = byte === plus ? space : byte
  }
  return decoded.subarray(0, length)
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
