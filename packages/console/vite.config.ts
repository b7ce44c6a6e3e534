import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';

const BROKER = process.env['UNDERSTUDY_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [precompress()],
  build: {
    outDir: 'dist',
    target: 'es2023',
    // The polyfill is an inline script, which the page's security policy forbids.
    modulePreload: { polyfill: false },
    // As a data: URL a font or script would be refused by the same policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    proxy: { '/v1': BROKER, '/openapi.json': BROKER },
  },
});
