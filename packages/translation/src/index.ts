export * from './loss.ts';
export * from './translate.ts';
