import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compressAssets } from './build/compress-assets.ts'
import { reportFirstLoad } from './build/report-first-load.ts'

const SERVER = process.env.SERVER ?? 'http://127.0.0.1:8000'
const API =
  '^/(query|detect|verify|embed|add_|edit_|delete_|reset_|list_|search_|get_|image/|image_|audit_|auth/|login|register|accounts|index_|vector_|health|metrics|docs|openapi|models|gallery/|merge_|move_|split_)'

/** The pages: two documents, one for everything and one for signing in, with a chunk for each tab. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react(), compressAssets(), reportFirstLoad()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: 'es2022',
    // A data address in a style sheet or script would need an exception in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      input: { index: resolve(import.meta.dirname, 'index.html'), auth: resolve(import.meta.dirname, 'auth.html') },
    },
  },
  server: { proxy: { [API]: SERVER } },
})
