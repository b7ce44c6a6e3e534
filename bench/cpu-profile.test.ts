import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort, startNode } from './child-process.ts';
import { topSelfTimes, type CpuProfile } from './profiling/cpu-profile.ts';
import { flameGraphPage } from './profiling/flame-graph.ts';

const frame = (functionName: string, url = '', lineNumber = -1) => ({
  functionName,
  url,
  lineNumber,
});

test('a function counts from each of its samples to the next, in all places it was called from', () => {
  const root = new URL('..', import.meta.url).href;
  const profile: CpuProfile = {
    nodes: [
      { id: 1, callFrame: frame('(idle)') },
      { id: 2, callFrame: frame('submit', `${root}services/api/src/a.ts`, 9) },
      { id: 3, callFrame: frame('submit', `${root}services/api/src/a.ts`, 9) },
      { id: 4, callFrame: frame('', `${root}node_modules/.pnpm/x/node_modules/x/y.js`, 0) },
    ],
    samples: [2, 1, 3, 4, 1],
    timeDeltas: [0, 100, 1000, 200, 700],
  };
  expect(topSelfTimes(profile, 5)).toEqual([
    { name: '(anonymous)', place: 'x/y.js:1', microseconds: 700, share: 0.7 },
    { name: 'submit', place: 'services/api/src/a.ts:10', microseconds: 300, share: 0.3 },
  ]);
});

test('a service that is profiled records between two moments, and its flame graph needs no other file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-bench-'));
  const path = join(folder, 'upstream.cpuprofile');
  const port = await freePort();
  const upstream = startNode(
    'upstream',
    new URL('fake-upstream.ts', import.meta.url),
    { PORT: `${port}` },
    { profiled: true },
  );
  try {
    await upstream.recorder?.start();
    await upstream.recorder?.stop(path);
    const bytes = await readFile(path);
    const profile: CpuProfile = JSON.parse(bytes.toString());
    expect(profile.samples.length).toBeGreaterThan(0);
    const page = await flameGraphPage('upstream', bytes);
    expect(page).toContain(bytes.toString('base64'));
    expect(page).not.toMatch(/<(script|link|img)[^>]+(src|href)=/);
    expect(page).not.toContain('url("./');
  } finally {
    await upstream.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 30_000);
