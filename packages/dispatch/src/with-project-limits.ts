import type { Settings } from '@understudy/configuration';
import type { Limits } from '@understudy/contracts';

/**
 * Settings in which each project has its limits: those of the configuration, or where it says
 * nothing of a project, those that an administrator gave. Asked often, made when either changes.
 */
export function withProjectLimits(
  settings: () => Settings,
  given: () => Readonly<Record<string, Limits>>,
): () => Settings {
  let [from, limits, made]: [Settings?, Readonly<Record<string, Limits>>?, Settings?] = [];
  return () => {
    const [configured, current] = [settings(), given()];
    if (made === undefined || from !== configured || limits !== current) {
      [from, limits] = [configured, current];
      made = { ...configured, projects: { ...current, ...configured.projects } };
    }
    return made;
  };
}
