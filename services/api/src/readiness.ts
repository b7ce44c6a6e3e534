/** Whether requests can be served, and what is missing or gone. */
interface ReadyState {
  ready: boolean;
  missing: string[];
  /** Trouble that does not keep requests from being served. */
  degraded: string[];
}

export interface Readiness {
  check(): Promise<ReadyState>;
  /** From now on the service is not ready: it goes on serving, and is about to stop. */
  stop(): void;
}

export interface ReadinessSources {
  /** Rejects when Redis does not answer. */
  pingRedis(): Promise<unknown>;
  isLoaded(): boolean;
  isKeyRegistered(): boolean;
  providers(): string[];
  isAlive(provider: string): boolean;
  /** Whether a worker ever said what the provider serves. */
  isKnown(provider: string): boolean;
}

/**
 * Every configured provider must have had a worker, so that its models are known. One that dies delays
 * jobs but stops no submit, so the service is ready and says that it is degraded; and so is one that
 * starts meanwhile, or a provider without workers would let every replica go that is replaced.
 */
export function createReadiness(sources: ReadinessSources): Readiness {
  let stopping = false;
  return {
    stop: () => {
      stopping = true;
    },
    check: async () => {
      if (stopping) return { ready: false, missing: ['the service stops'], degraded: [] };
      const answers = await sources.pingRedis().then(
        () => true,
        () => false,
      );
      const dead = sources.providers().filter((provider) => !sources.isAlive(provider));
      const loaded = sources.isLoaded();
      const missing = [
        ...(answers ? [] : ['Redis does not answer']),
        ...(loaded ? [] : ['workers and cool-downs have not been read yet']),
        // While Redis is away nobody knows whether it still has the key.
        ...(answers && !sources.isKeyRegistered() ? ['the API key is not registered yet'] : []),
        ...dead.filter((provider) => !sources.isKnown(provider)).map(trouble),
      ];
      return { ready: missing.length === 0, missing, degraded: dead.map(trouble) };
    },
  };
}

function trouble(provider: string): string {
  return `no worker serves the provider ${provider}`;
}
