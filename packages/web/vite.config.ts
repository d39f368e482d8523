import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const dist = fileURLToPath(new URL('./dist', import.meta.url))
const built = join(dist, `.building-${process.pid}`)

/** Leaves `.gz` and `.br` beside each file of text, so that the server compresses nothing while it serves. */
function compressAssets(): void {
  const assets = join(built, 'assets')
  for (const name of readdirSync(assets).filter((file) => /\.(js|css|svg)$/.test(file))) {
    const content = readFileSync(join(assets, name))
    writeFileSync(join(assets, `${name}.gz`), gzipSync(content, { level: 9 }))
    writeFileSync(join(assets, `${name}.br`), brotliCompressSync(content))
  }
}

/**
 * Puts a whole build in the place of the one before: its parts first, whose names tell what is in them, then the page that asks for them,
 * then away with what it no longer asks for. So a server that runs, or another build of the same, never misses a part.
 */
function swapIn(): void {
  mkdirSync(join(dist, 'assets'), { recursive: true })
  const parts = readdirSync(join(built, 'assets'))
  for (const name of parts) renameSync(join(built, 'assets', name), join(dist, 'assets', name))
  const others = readdirSync(built).filter((name) => name !== 'assets')
  for (const name of others.sort((one, other) => Number(one === 'index.html') - Number(other === 'index.html')))
    renameSync(join(built, name), join(dist, name))
  for (const name of readdirSync(join(dist, 'assets')))
    if (!parts.includes(name)) rmSync(join(dist, 'assets', name), { recursive: true, force: true })
}

const wholeBuilds: Plugin = {
  name: 'whole-builds',
  apply: 'build',
  closeBundle() {
    // why: a build that failed left nothing here, and must be heard of by its own error.
    if (!existsSync(join(built, 'index.html'))) return
    compressAssets()
    swapIn()
    rmSync(built, { recursive: true, force: true })
  },
}

const backend = 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react(), wholeBuilds],
  build: {
    outDir: built,
    emptyOutDir: true,
    target: 'es2023',
    // why: the smallest fonts and images too stay files, so that a strict content security policy needs no data: sources.
    assetsInlineLimit: 0,
    // The charts' library is a chunk of its own, loaded where there is a chart.
    chunkSizeWarningLimit: 600,
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      ['/api', '/_preflight', '/_health', '/e', '/i', '/batch', '/static', '/array'].map((path) => [path, backend]),
    ),
  },
})
