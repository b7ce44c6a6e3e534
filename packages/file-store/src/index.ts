export * from './create-file-store.ts';
export * from './file-bytes.ts';
export * from './file-id.ts';
export * from './file-keys.ts';
export * from './file-store.ts';
export * from './folder-bytes.ts';
export * from './open-file-store.ts';
export * from './parse-stored-file.ts';
