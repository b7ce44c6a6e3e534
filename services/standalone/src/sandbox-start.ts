import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { StartError } from './start-error.ts';

const sandboxLineSchema = z.object({ sandbox: z.object({ url: z.string() }) });

/** The address in the line by which the sandbox says that it listens. */
export function readSandboxLine(line: string): string | undefined {
  try {
    return sandboxLineSchema.parse(JSON.parse(line)).sandbox.url;
  } catch {
    return undefined;
  }
}

/** Writes the configuration that the sandbox gives for itself to `path`. */
export async function writeSandboxConfiguration(sandboxUrl: string, path: string): Promise<void> {
  const response = await fetch(`${sandboxUrl}/sandbox/configuration`, {
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status !== 200) {
    throw new StartError(
      `the sandbox answered ${response.status} instead of its configuration; start again with --verbose.`,
    );
  }
  writeFileSync(path, await response.text(), { mode: 0o600 });
}
