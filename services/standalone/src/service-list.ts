import { join } from 'node:path';
import type { KindManifest, Settings } from '@understudy/configuration';

export const SERVICES_FOLDER = join(import.meta.dirname, '../..');

export interface ServiceProcess {
  name: string;
  args: string[];
  /** Its plain messages, such as those of Redis, are shown only on request. */
  isQuiet?: boolean;
}

/** The file that starts a service, named as its folder. */
export function serviceProcess(name: string): ServiceProcess {
  return { name, args: [join(SERVICES_FOLDER, name, 'src/main.ts')] };
}

/** One worker service for each kind that a configured provider is of. */
export function workerProcesses(
  settings: Settings,
  kinds: readonly KindManifest[],
): ServiceProcess[] {
  const used = new Set(Object.values(settings.providers).map((provider) => provider.kind));
  return kinds
    .filter((manifest) => used.has(manifest.kind))
    .map((manifest) => serviceProcess(`worker-${manifest.kind}`));
}
