import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressAssets } from './compress-assets.ts';

/** Where `npm run dev` finds a server; the built page talks to the server that it comes from. */
const server = 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressAssets()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    // From these on, `light-dark()` need not be rewritten, which Mantine's `color-scheme` would not survive.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
  worker: { format: 'es' },
  server: {
    proxy: {
      '/openai': { target: server, ws: true },
      '/v1': { target: server, ws: true },
      '/samtal': server,
      '/subscriptions': server,
    },
  },
});
