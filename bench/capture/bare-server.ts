// The least that any server must do with these requests: read, inflate, parse, answer. Usage: bare-server.ts PORT
import { createServer } from 'node:http'
import { gunzipSync } from 'node:zlib'

createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const raw = Buffer.concat(chunks)
    JSON.parse((raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw).toString('utf8'))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":1}')
  })
}).listen(Number(process.argv[2]), '127.0.0.1')
