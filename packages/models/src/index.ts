export * from './aliases.ts';
export * from './canonical-name.ts';
export * from './model-catalog.ts';
export * from './model-facts.ts';
export * from './name-lookup.ts';
export * from './name-of-sent.ts';
export * from './prices/cost-of.ts';
export * from './quirks/quirk-edits.ts';
