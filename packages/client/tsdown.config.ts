import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: 'src/index.ts',
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2024',
  dts: true,
  fixedExtension: true,
  // One is for import alone, and the default export of the other is found by require only elsewhere.
  deps: { alwaysBundle: ['eventsource-parser', 'openapi-fetch'] },
});
