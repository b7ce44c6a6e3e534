export * from './shape-body.ts';
