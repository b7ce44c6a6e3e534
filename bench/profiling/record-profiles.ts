import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { BenchProcess } from '../child-process.ts';
import { topSelfTimes, type CpuProfile } from './cpu-profile.ts';
import { flameGraphPage } from './flame-graph.ts';

export const PROFILES = new URL('../results/profiles/', import.meta.url);
const SHOWN_FUNCTIONS = 25;

export async function forgetOldProfiles(): Promise<void> {
  await rm(PROFILES, { recursive: true, force: true });
}

/**
 * Profiles processes while `work` runs, those of them that were started for it. For each there is a `.cpuprofile` and a page with its flame
 * graph, and one text with the functions in which most time was spent.
 * @param name of what is run: the first part of the files' names
 */
export async function recordProfiles(
  name: string,
  processes: readonly BenchProcess[],
  work: () => Promise<unknown>,
): Promise<void> {
  const recorded = processes.flatMap(({ name: process, recorder }) =>
    recorder ? [{ recorder, file: `${name}-${process}` }] : [],
  );
  if (recorded.length === 0) {
    await work();
    return;
  }
  await mkdir(PROFILES, { recursive: true });
  await Promise.all(recorded.map(({ recorder }) => recorder.start()));
  await work();
  await Promise.all(
    recorded.map(({ recorder, file }) =>
      recorder.stop(new URL(`${file}.cpuprofile`, PROFILES).pathname),
    ),
  );
  const lines: string[] = [];
  for (const { file } of recorded) lines.push(...(await render(file)), '');
  await writeFile(new URL(`${name}.txt`, PROFILES), `${lines.join('\n')}\n`);
  for (const line of lines) console.log(line);
}

async function render(file: string): Promise<string[]> {
  const bytes = await readFile(new URL(`${file}.cpuprofile`, PROFILES));
  await writeFile(new URL(`${file}.html`, PROFILES), await flameGraphPage(file, bytes));
  const profile: CpuProfile = JSON.parse(bytes.toString());
  const rows = topSelfTimes(profile, SHOWN_FUNCTIONS).map(
    ({ name, place, microseconds, share }) =>
      `${(microseconds / 1000).toFixed(0).padStart(8)} ms  ${(share * 100).toFixed(1).padStart(5)} %  ${name}  ${place}`,
  );
  return [`${file}: own time of the ${SHOWN_FUNCTIONS} most costly functions`, ...rows];
}
