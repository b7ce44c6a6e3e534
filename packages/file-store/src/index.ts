export * from './file-bytes.ts';
export * from './file-keys.ts';
export * from './file-store.ts';
