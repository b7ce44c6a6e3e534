export * from './availability-view.ts';
export * from './cooldowns.ts';
export * from './provider-keys.ts';
export * from './registry.ts';
export * from './stale-name-view.ts';
export * from './stale-names.ts';
export * from './waiting-rooms.ts';
