export * from './configuration-error.ts';
export * from './duration.ts';
export * from './json-schema.ts';
export * from './kind-manifest.ts';
export * from './load-settings.ts';
export * from './settings.ts';
export * from './watch-routes.ts';
export * from './live-settings.ts';
