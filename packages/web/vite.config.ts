import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** dist/ also holds the type checker's output, which Vite must leave alone; only its own files are emptied. */
const emptyAssets: Plugin = {
  name: 'empty-assets',
  apply: 'build',
  buildStart() {
    rmSync(fileURLToPath(new URL('./dist/assets', import.meta.url)), { recursive: true, force: true })
  },
}

/** Leaves `.gz` and `.br` beside each file of text, so that the server compresses nothing while it serves. */
const compressAssets: Plugin = {
  name: 'compress-assets',
  apply: 'build',
  closeBundle() {
    const assets = new URL('./dist/assets/', import.meta.url)
    // why: a build that failed left nothing here, and must be heard of by its own error.
    if (!existsSync(assets)) return
    for (const name of readdirSync(assets).filter((file) => /\.(js|css|svg)$/.test(file))) {
      const content = readFileSync(new URL(name, assets))
      writeFileSync(new URL(`${name}.gz`, assets), gzipSync(content, { level: 9 }))
      writeFileSync(new URL(`${name}.br`, assets), brotliCompressSync(content))
    }
  },
}

const backend = 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react(), emptyAssets, compressAssets],
  build: {
    outDir: 'dist',
    emptyOutDir: false,
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
