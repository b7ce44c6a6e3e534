export * from './draw-arm.ts';
export * from './explain-route.ts';
export * from './fold-skips.ts';
export * from './known-models.ts';
export * from './plan-next.ts';
export * from './resolve-route.ts';
export * from './routing-views.ts';
export * from './target-candidate.ts';
