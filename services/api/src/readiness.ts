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
}

/**
 * At first start every configured provider must have a worker. Once all were there, one that dies
 * delays jobs but stops no submit, so the service stays ready and says that it is degraded.
 */
export function createReadiness(sources: ReadinessSources): Readiness {
  let allWereAlive = false;
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
      const dead = sources
        .providers()
        .filter((provider) => !sources.isAlive(provider))
        .map((provider) => `no worker serves the provider ${provider}`);
      const loaded = sources.isLoaded();
      if (loaded && dead.length === 0) allWereAlive = true;
      const missing = [
        ...(answers ? [] : ['Redis does not answer']),
        ...(loaded ? [] : ['workers and cool-downs have not been read yet']),
        ...(sources.isKeyRegistered() ? [] : ['the API key is not registered yet']),
        ...(allWereAlive ? [] : dead),
      ];
      return { ready: missing.length === 0, missing, degraded: allWereAlive ? dead : [] };
    },
  };
}
