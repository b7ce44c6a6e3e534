export * from './aliases.ts';
export * from './canonical-name.ts';
export * from './model-catalog.ts';
export * from './name-lookup.ts';
