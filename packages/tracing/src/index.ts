export * from './gen-ai-names.ts';
export * from './open-tracing.ts';
export * from './span-attributes.ts';
export * from './start-span.ts';
export * from './trace-parent.ts';
export * from './trace-state.ts';
