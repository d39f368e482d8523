import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
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

const backend = 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react(), emptyAssets],
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2023',
    // why: the smallest fonts and images too stay files, so that a strict content security policy needs no data: sources.
    assetsInlineLimit: 0,
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(['/api', '/_preflight', '/_health', '/e', '/i', '/batch', '/static', '/array'].map((path) => [path, backend])),
  },
})
