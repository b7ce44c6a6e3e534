import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startBatchScene } from '../support/batch-scene.ts';
import { runCli, startCli } from '../support/run-cli.ts';
import { ROOT } from '../support/source-tree.ts';

const LINES = 6;
/** Workers take a job anew within seconds, where it is to be called again. */
const QUIET_MS = 8000;

/** What the page has operators do before workers come, word for word, of this project and batch. */
function commandsOfPage(project: string, batch: string): string[][] {
  const page = readFileSync(join(ROOT, 'docs/redis.md'), 'utf8');
  const restore = page.slice(page.indexOf('To restore:'), page.indexOf('Then start workers'));
  return [...restore.matchAll(/^ +understudy (.+?)(?: +#.*)?$/gm)].map(([, words = '']) =>
    words
      .replaceAll("'", '')
      .replace('<project>', project)
      .replace('<batch>', batch)
      .split(' ')
      .filter((word) => word !== '--dry-run'),
  );
}

test(
  'what the page on Redis has operators cancel before workers come is not called again',
  { timeout: 180_000 },
  async () => {
    await using scene = await startBatchScene({ batches: '{ linesInFlight: 2 }' });
    const { broker, vendor } = scene;
    const cli = async (args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await runCli(broker, args);
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
      return stdout;
    };
    await cli(['projects', 'create', 'acme']);
    vendor.onCall(/./, { answer: 'never' });

    const folder = mkdtempSync(join(tmpdir(), 'understudy-restore-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const prompts = Array.from({ length: LINES }, (_, index) => `{"prompt":"${index}"}\n`);
    writeFileSync(join(folder, 'prompts.jsonl'), prompts.join(''));
    const run = ['batch', 'run', 'prompts.jsonl', '-o', 'answers.jsonl', '-m', 'chat'];
    const waiting = startCli(broker, [...run, '--project', 'acme'], { cwd: folder });
    await cli(['submit', '--project', 'acme', '-m', 'chat', 'Hello']);
    await vendor.waitForCalls(3);
    waiting.kill('SIGKILL');

    // As a copy of Redis has it: amid calls, and none of the services that make them.
    for (const name of ['worker-openai-compatible', 'batch-runner']) {
      const service = broker.services.get(name);
      service?.kill('SIGKILL');
      await service?.ended;
    }
    const listed = await vi.waitFor(async () => {
      const found = await cli(['batch', 'ls', '--project', '*', '--json']);
      expect(found).toContain('"acme"');
      return found;
    });
    const [, batch = ''] = /"(batch_\w+)"/.exec(listed) ?? [];
    const commands = commandsOfPage('acme', batch);
    expect(commands).toHaveLength(7);
    for (const command of commands) await cli(command);
    expect(await cli(['ls', '--project', 'acme', '--status', 'in_progress'])).toContain('No job');

    const before = vendor.calls.length;
    await broker.startService('worker-openai-compatible');
    await broker.startService('batch-runner');
    await vi.waitFor(
      async () =>
        expect(await cli(['batch', 'get', batch, '--project', 'acme'])).toContain('cancelled'),
      { timeout: 90_000, interval: 500 },
    );
    await sleep(QUIET_MS);
    expect(vendor.calls.slice(before)).toEqual([]);
  },
);
