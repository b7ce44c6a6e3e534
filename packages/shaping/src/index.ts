export * from './inline-files.ts';
export * from './shape-body.ts';
