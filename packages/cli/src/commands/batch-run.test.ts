import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { Readable } from 'node:stream';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';
import { startBatchBroker } from '../testing/batch-broker.ts';
import { runAgainst } from '../testing/run-against.ts';

/** A folder with a file of prompts, and one for what is temporary. */
function makeFolder(prompts: readonly string[] = ['one', 'two', 'three']) {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-command-'));
  const temporary = mkdtempSync(join(tmpdir(), 'understudy-temporary-'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    for (const path of [folder, temporary]) rmSync(path, { recursive: true, force: true });
  });
  vi.stubEnv('TMPDIR', temporary);
  const path = join(folder, 'prompts.jsonl');
  const write = (lines: readonly string[]): void =>
    writeFileSync(path, lines.map((prompt) => `${JSON.stringify({ prompt })}\n`).join(''));
  write(prompts);
  return { folder, temporary, path, answers: join(folder, 'answers.jsonl'), write };
}

const readAnswers = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const run = (url: string, path: string, answers: string, ...more: string[]) =>
  runAgainst(url, ['batch', 'run', path, '-o', answers, '-m', 'm', '--with-prompt', ...more]);

const ANSWERED = ['one', 'two', 'three'].map((prompt, index) => ({
  custom_id: `line-${index + 1}`,
  prompt,
  answer: `answer to line-${index + 1}`,
}));

test.each([
  ['is written in another order', ['three', 'two', 'one']],
  ['gets a line on top', ['new', 'one', 'two', 'three']],
])('a file of prompts that %s while the run waits is answered as it was', async (_, changed) => {
  const { path, answers, write, temporary } = makeFolder();
  const kept: number[] = [];
  const { url } = await startBatchBroker(() => {
    write(changed);
    for (const name of readdirSync(temporary, { recursive: true, encoding: 'utf8' })) {
      kept.push(statSync(join(temporary, name)).mode & 0o077);
    }
  });
  expect(await run(url, path, answers)).toMatchObject({ code: 0, stderr: '' });
  expect(readAnswers(answers)).toMatchObject(ANSWERED);
  expect(new Set(kept)).toEqual(new Set([0]));
  expect(readdirSync(temporary)).toEqual([]);

  const again = await run(url, path, answers);
  expect(again.stderr).toContain('The prompts or options changed since the last run');
});

test('a file of prompts that is gone when the answers are there is answered all the same', async () => {
  const { path, answers } = makeFolder();
  const { url } = await startBatchBroker(() => rmSync(path));
  expect(await run(url, path, answers)).toMatchObject({ code: 0 });
  expect(readAnswers(answers)).toMatchObject(ANSWERED);
});

test.each([
  // No device of this machine: a command that replaced it would do so here, too.
  ['a pipe', 'pipe', 'pipe, which is a device or a pipe and no ordinary file'],
  ['standard output', '-', '-o takes a file'],
])('-o with %s is refused before anything is sent', async (_, name, words) => {
  const { folder, path } = makeFolder();
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const { url, uploads } = await startBatchBroker();
  const ended = await run(url, path, name === 'pipe' ? join(folder, name) : name);
  expect({ code: ended.code, uploads }).toEqual({ code: EXIT.usage, uploads: [] });
  expect(ended.stderr).toContain(words);
});

test.each([
  ['a file', true],
  ['a file that is not there yet', false],
])('a symbolic link to %s stays one, and the answers are where it leads', async (_, isThere) => {
  const { folder, path, answers } = makeFolder();
  mkdirSync(join(folder, 'elsewhere'));
  const target = join(folder, 'elsewhere', 'out.jsonl');
  if (isThere) writeFileSync(target, '');
  symlinkSync(join('elsewhere', 'out.jsonl'), answers);
  const { url } = await startBatchBroker();
  expect(await run(url, path, answers)).toMatchObject({ code: 0 });
  expect(lstatSync(answers).isSymbolicLink()).toBe(true);
  expect(lstatSync(target).isFile()).toBe(true);
  expect(readAnswers(answers)).toMatchObject(ANSWERED);
});

test('behind a symbolic link it is the folder that it leads into which is told to take no file', async () => {
  const { folder, path, answers } = makeFolder();
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere);
  symlinkSync(join(elsewhere, 'out.jsonl'), answers);
  const { url } = await startBatchBroker(() => rmSync(elsewhere, { recursive: true }));
  const { code, stderr } = await run(url, path, answers);
  expect(code).toBe(EXIT.usage);
  expect(stderr).toContain(`understudy: there is no ${elsewhere}\n`);
});

test.each([
  ['', 'standard input is empty'],
  ['Why?', 'standard input does not begin with a JSON object; say what it is with --format csv'],
  ['{"question":"Hi"}', 'the first line of standard input has neither'],
])('%j on standard input is told by that name', async (content, words) => {
  const { answers } = makeFolder();
  const args = ['batch', 'run', '-', '-o', answers];
  const stdin = Readable.from([Buffer.from(content)]);
  const { code, stderr } = await runAgainst('http://127.0.0.1:1', args, { stdin });
  expect(code).toBe(EXIT.usage);
  expect(stderr).toContain(words);
});

test.skipIf(!existsSync('/dev/full')).each([
  ['the same command', []],
  ['the same command without --fresh', ['--fresh']],
])(
  'answers that a full disk does not take are told with their file, and fetched by %s',
  async (again, options) => {
    const { path, answers } = makeFolder();
    // Where the answers are written until they are whole.
    symlinkSync('/dev/full', `${answers}.${process.pid}.part`);
    const { url, uploads } = await startBatchBroker();
    const { code, stderr } = await run(url, path, answers, ...options);
    expect({ code, stderr }).toEqual({
      code: EXIT.usage,
      stderr:
        `understudy: there is no space left to write ${answers}\n` +
        `batch_1 has ended: once that is mended, ${again} fetches its answers, and sends nothing again.\n`,
    });
    expect(await run(url, path, answers)).toMatchObject({ code: 0 });
    expect(readAnswers(answers)).toMatchObject(ANSWERED);
    expect(uploads).toHaveLength(1);
  },
);

test.each([
  ['', []],
  [' without --fresh', ['--fresh']],
])(
  'a run that is not done in time is gone on with by the same command%s',
  async (words, options) => {
    const { path, answers } = makeFolder();
    const { url, uploads } = await startBatchBroker(() => undefined, { status: 'in_progress' });
    const { code, stderr } = await run(url, path, answers, '--timeout', '2s', ...options);
    expect({ code, stderr }).toEqual({
      code: EXIT.failed,
      stderr:
        `batch_1 goes on. The same command${words} picks it up; "understudy batch cancel batch_1" stops it.\n` +
        `understudy: not done after 2s; run it again${words} to go on\n`,
    });
    expect(uploads).toHaveLength(1);
  },
);

test.each([
  ['', []],
  [' without --fresh', ['--fresh']],
])(
  'a run that is interrupted while it fetches answers says that its batch has ended, and the same command%s fetches them',
  async (words, options) => {
    const { path, answers } = makeFolder();
    const interrupt = new AbortController();
    const { signal } = interrupt;
    const { url, uploads } = await startBatchBroker(undefined, {}, undefined, () =>
      interrupt.abort(new CommandError('interrupted', EXIT.interrupted)),
    );
    const args = ['batch', 'run', path, '-o', answers, '-m', 'm', '--with-prompt'];
    expect(await runAgainst(url, [...args, ...options], { signal })).toMatchObject({
      code: EXIT.interrupted,
      stderr:
        `batch_1 has ended. The same command${words} fetches its answers.\n` +
        'understudy: interrupted\n',
    });
    expect(await run(url, path, answers)).toMatchObject({ code: EXIT.ok });
    expect(readAnswers(answers)).toMatchObject(ANSWERED);
    expect(uploads).toHaveLength(1);
  },
);

test('a run in a project that was named tells of it, and misses its batch where it is not named again', async () => {
  const { path, answers } = makeFolder();
  const interrupt = new AbortController();
  const interruptIt = () => interrupt.abort(new CommandError('interrupted', EXIT.interrupted));
  const { url, uploads } = await startBatchBroker(interruptIt, {}, 'acme');
  const args = ['batch', 'run', path, '-o', answers, '-m', 'm'];
  const { signal } = interrupt;
  await expect(runAgainst(url, [...args, '--project', 'acme'], { signal })).resolves.toMatchObject({
    stderr: expect.stringContaining('"understudy batch cancel batch_1 --project acme" stops it.\n'),
  });
  const { code, stderr } = await runAgainst(url, args);
  expect({ code, stderr }).toMatchObject({
    code: EXIT.notFound,
    stderr: expect.stringMatching(/of this key's project; check that --project .*--fresh/),
  });
  const again = await runAgainst(url, args, { environment: { UNDERSTUDY_PROJECT: 'acme' } });
  expect(again).toMatchObject({ code: EXIT.ok });
  expect(uploads).toHaveLength(1);
});

test('of a batch that has ended the next run says that its answers were not written, and not that it may go on', async () => {
  const { folder, path, answers } = makeFolder();
  // Where the answers are to be written there is a folder.
  mkdirSync(`${answers}.${process.pid}.part`);
  const { url } = await startBatchBroker();
  expect(await run(url, path, answers)).toMatchObject({ code: EXIT.usage });
  rmSync(join(folder, `answers.jsonl.${process.pid}.part`), { recursive: true });
  expect(await run(url, path, answers, '--fresh')).toMatchObject({
    code: 0,
    stderr:
      'batch_1 of the run before has ended, and its answers were not written; ' +
      '"understudy batch get batch_1" names their files.\n',
  });
});

test('a file of prompts that is not there is told, and leaves nothing behind', async () => {
  const { folder, answers, temporary } = makeFolder();
  const { code, stderr } = await run('http://127.0.0.1:1', join(folder, 'no.jsonl'), answers);
  expect(code).toBe(EXIT.usage);
  expect(stderr).toBe(`understudy: there is no ${join(folder, 'no.jsonl')}\n`);
  expect(readdirSync(temporary)).toEqual([]);
});

test('that a batch was cancelled is told before its lines, with how many were not answered', async () => {
  const { path, answers } = makeFolder();
  const counts = { total: 3, completed: 1, failed: 2 };
  const { url } = await startBatchBroker(() => undefined, {
    status: 'cancelled',
    request_counts: counts,
  });
  const { stderr } = await run(url, path, answers);
  expect(stderr.split('\n')[0]).toBe('batch_1 was cancelled: 2 of 3 lines were not answered.');
});

test('a batch that has ended is not cancelled, and the command says why', async () => {
  const url = await listenForTest(
    createServer((_request, response) => {
      const batch = { id: 'batch_1', object: 'batch', status: 'completed' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(batch));
    }),
  );
  expect(await runAgainst(url, ['batch', 'cancel', 'batch_1'])).toEqual({
    code: EXIT.failed,
    stdout: 'batch_1  completed\n',
    stderr: 'understudy: batch_1 has ended already (completed)\n',
  });
});

test.each([
  ['is read by whom it was', '--overwrite', 0o644],
  ['that is new is closed to others', '--fresh', 0o600],
])('a file of answers %s', async (_, option, mode) => {
  const { path, answers } = makeFolder();
  if (option === '--overwrite') {
    writeFileSync(answers, 'mine');
    chmodSync(answers, mode);
  }
  const { url } = await startBatchBroker();
  expect(await run(url, path, answers, option)).toMatchObject({ code: 0 });
  expect(readAnswers(answers)).toMatchObject(ANSWERED);
  expect(statSync(answers).mode & 0o777).toBe(mode);
});
