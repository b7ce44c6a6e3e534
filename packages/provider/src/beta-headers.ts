import type { SurfaceNeeds } from './provider-kind.ts';

/**
 * What a Messages body needs at the vendor that the caller's `anthropic-beta` is meant for. Other
 * vendors of Claude take some betas of their own choice, and refuse a call for any other name.
 */
export function withAskedBetas(needs: SurfaceNeeds = {}): SurfaceNeeds {
  const { betas = [], askedBetas = [] } = needs;
  return { ...needs, betas: [...new Set([...betas, ...askedBetas])] };
}

/** The header by which a Messages body asks for features that are still in beta; none without. */
export function betaHeaders({ betas = [] }: SurfaceNeeds = {}): Record<string, string> {
  return betas.length > 0 ? { 'anthropic-beta': betas.join(',') } : {};
}
