import type { SurfaceNeeds } from './provider-kind.ts';

/** The header by which a Messages body asks for features that are still in beta; none without. */
export function betaHeaders({ betas = [] }: SurfaceNeeds = {}): Record<string, string> {
  return betas.length > 0 ? { 'anthropic-beta': betas.join(',') } : {};
}
