/** Keys of one provider share a hash slot. */
export function providerKeys(prefix: string, provider: string) {
  const base = `${prefix}:{${provider}}`;
  return {
    cooldowns: `${base}:cooldowns`,
    suspects: (model: string) => `${base}:suspects:${model}`,
    waiting: (project: string, model: string) => `${base}:waiting:${project}:${model}`,
    waitingProjects: (model: string) => `${base}:waiting-projects:${model}`,
    waitingModels: `${base}:waiting-models`,
    registration: `${base}:registration`,
    beats: `${base}:beats`,
    staleNames: `${base}:stale`,
    pause: `${base}:pause`,
  };
}

/** Where changes of cool-downs are published. */
export function availabilityChannel(prefix: string): string {
  return `${prefix}:availability`;
}

/** Where it is published that a provider was paused or resumed. */
export function pauseChannel(prefix: string): string {
  return `${prefix}:pauses`;
}

/** Where it is published that a name became stale, or is known again. */
export function staleNameChannel(prefix: string): string {
  return `${prefix}:stale-names`;
}

/** Where it is published that a worker came, changed or left. */
export function registryChannel(prefix: string): string {
  return `${prefix}:registry`;
}
