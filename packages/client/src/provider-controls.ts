import { answered, byId } from './connection.ts';
import type { Connection } from './connection.ts';
import type { Provider } from './types.ts';

/** What an operator does to providers. Every worker knows of it within a second. */
export interface ProviderControls {
  /** Takes it out of service until it is resumed; running calls finish. */
  pause(id: string, reason?: string): Promise<Provider>;
  /** Puts it back, and lets in the jobs that waited for it. */
  resume(id: string): Promise<Provider>;
  /** Ends the cool-down of one model, or all of them. @param model the provider's name for it */
  clearCooldown(id: string, model?: string): Promise<Provider>;
}

export function createProviderControls({ api }: Connection): ProviderControls {
  return {
    pause: async (id, reason) =>
      answered(
        await api.POST('/v1/providers/{id}/pause', {
          ...byId(id),
          body: reason === undefined ? {} : { reason },
        }),
      ),
    resume: async (id) => answered(await api.POST('/v1/providers/{id}/resume', byId(id))),
    clearCooldown: async (id, model) =>
      answered(
        await api.POST('/v1/providers/{id}/clear-cooldown', {
          ...byId(id),
          body: model === undefined ? {} : { model },
        }),
      ),
  };
}
