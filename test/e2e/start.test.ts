import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { findFreePort } from '../support/free-port.ts';

const BOOTSTRAP = join(import.meta.dirname, '../../services/standalone/bootstrap.mjs');
const JOBS = 60;
/** Two of the start command, Redis with its guard, the sandbox, and five services at least. */
const LEAST_PROCESSES = 10;

const data = mkdtempSync(join(tmpdir(), 'understudy-start-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

interface Start {
  process: ChildProcess;
  output: string;
  url: string;
  key: string;
  readyMs: number;
}

/** `npm start` without keys, up to the line that says how to stop it. */
async function start(port: number): Promise<Start> {
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [BOOTSTRAP, 'start', '--port', String(port), '--data', data],
    {
      // A first start knows no keys, and no configuration.
      cwd: data,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  // Also where the test fails: what runs on would hold the test runner's output open.
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.startsWith('Ctrl-C')) break;
  }
  child.stdout.resume();
  const output = lines.join('\n');
  const url = /address\s+(http:\S+)/.exec(output)?.[1] ?? '';
  const key = /API key\s+(\S+)/.exec(output)?.[1] ?? '';
  return { process: child, output, url, key, readyMs: performance.now() - startedAt };
}

interface RunningProcess {
  pid: number;
  parent: number;
  args: string;
}

/** All processes of the machine but those that have ended and only wait for their parent. */
function runningProcesses(): RunningProcess[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, state = '', args = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || state.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), args }];
  });
}

/**
 * A process and all that descend from it. To be asked while it lives: what it leaves behind has
 * another parent, and nothing that names the broker.
 */
function familyOf(pid: number): Set<number> {
  const running = runningProcesses();
  const family = new Set([pid]);
  // A set that grows while it is gone through gives what was added, too.
  for (const member of family) {
    for (const child of running) if (child.parent === member) family.add(child.pid);
  }
  return family;
}

/** What still runs of this family, or works on this data folder. */
function processesLeft(family: ReadonlySet<number>): string[] {
  return runningProcesses()
    .filter(({ pid, args }) => family.has(pid) || args.includes(data))
    .map(({ pid, args }) => `${pid} ${args}`);
}

test('npm start prints a curl that works, keeps jobs and key when it is killed, and leaves nothing when it is stopped', async () => {
  const port = await findFreePort();
  const first = await start(port);
  expect(first.output).toContain('SANDBOX');
  expect(first.output).toContain('sandbox-status-codes');

  const commands = first.output.slice(
    first.output.indexOf('  JOB='),
    first.output.indexOf('Ctrl-C'),
  );
  const pasted = spawnSync('bash', ['-c', commands], { encoding: 'utf8' });
  expect(pasted.stdout).toContain('"status":"completed"');
  expect(pasted.stdout).toContain('[sandbox]');

  const submitted = await Promise.all(
    Array.from({ length: JOBS }, async () => {
      const response = await fetch(`${first.url}/v1/jobs`, {
        method: 'POST',
        headers: { authorization: `Bearer ${first.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          endpoint: '/v1/chat/completions',
          body: { model: 'sandbox-chat', messages: [{ role: 'user', content: 'Hello' }] },
        }),
      });
      expect(response.status).toBe(202);
      return (await response.json()) as { id: string };
    }),
  );
  const killed = familyOf(first.process.pid ?? 0);
  expect(killed.size).toBeGreaterThanOrEqual(LEAST_PROCESSES);
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  await expect.poll(() => processesLeft(killed), { timeout: 20_000 }).toEqual([]);

  const second = await start(port);
  // Ten seconds where the machine has them; nowhere longer than a start that finds nothing.
  expect(second.readyMs).toBeLessThan(Math.max(10_000, first.readyMs));
  expect(second.key).toBe(first.key);
  const statuses = await Promise.all(
    submitted.map(async ({ id }) => {
      const response = await fetch(`${second.url}/v1/jobs/${id}`, {
        headers: { authorization: `Bearer ${second.key}`, prefer: 'wait=40' },
      });
      return ((await response.json()) as { status: string }).status;
    }),
  );
  expect(statuses).toEqual(Array.from({ length: JOBS }, () => 'completed'));

  const stopped = familyOf(second.process.pid ?? 0);
  expect(stopped.size).toBeGreaterThanOrEqual(LEAST_PROCESSES);
  second.process.kill('SIGINT');
  const [code] = await once(second.process, 'exit');
  expect(code).toBe(0);
  // None has to be waited for. One that the stop forgot ends too, when it finds its supervisor gone.
  expect(processesLeft(stopped)).toEqual([]);
});
