export * from './availability-view.ts';
export * from './cooldowns.ts';
export * from './provider-keys.ts';
export * from './registry.ts';
export * from './waiting-rooms.ts';
