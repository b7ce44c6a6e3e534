import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';
import { EXIT } from '../exit-code.ts';
import { runAgainst } from '../testing/run-against.ts';

const EMPTY = { object: 'list', data: [], has_more: false };
const JOB = { id: 'job_1', project: 'acme', status: 'failed', model: 'chat', created_at: '2026' };
const BULK = { action: 'retry', matched: 0, done: 0, skipped: [], has_more: false };
const STATISTICS = { from: '2026-01-01', to: '2026-01-02', buckets: [], providers: [], flows: [] };
const NOT_FOUND = { detail: 'there is no job of this id', error: { code: 'not_found' } };

/** What a broker says whose default project holds nothing, to a key of these scopes. */
function answerTo(path: string, project: unknown, scopes: readonly string[]): unknown {
  if (path === '/v1/key') return { id: 'key_1', project: 'default', scopes };
  if (path.startsWith('/v1/jobs?')) return { ...EMPTY, data: project === '*' ? [JOB] : [] };
  if (path === '/v1/jobs/retry') return BULK;
  if (path.startsWith('/v1/statistics')) return STATISTICS;
  return path.startsWith('/v1/jobs/job_') ? undefined : EMPTY;
}

/** Runs a command, and tells which project each of its requests named. */
async function run(
  args: readonly string[],
  given: { scopes?: readonly string[]; environment?: Record<string, string> } = {},
) {
  const { scopes = ['read', 'admin'], environment = {} } = given;
  const named: string[] = [];
  const url = await listenForTest(
    createServer(({ url: path = '', headers }, response) => {
      const project = headers['understudy-project'];
      named.push(`${path.replace(/\?.*/, '')} ${String(project)}`);
      const answer = answerTo(path, project, scopes);
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? NOT_FOUND));
    }),
  );
  return { ...(await runAgainst(url, args, { environment })), named };
}

test.each([
  ['--project', ['--project', 'acme'], {}],
  ['UNDERSTUDY_PROJECT', [], { UNDERSTUDY_PROJECT: 'acme' }],
  ['--project before UNDERSTUDY_PROJECT', ['--project', 'acme'], { UNDERSTUDY_PROJECT: 'other' }],
])('%s is named to the broker with every call', async (_how, options, environment) => {
  for (const [args, path] of [
    [['ls'], '/v1/jobs'],
    [['rm', 'job_1'], '/v1/jobs/job_1'],
    [['watch', 'job_1'], '/v1/jobs/job_1/events'],
    [['retry', '--all', '--dry-run'], '/v1/jobs/retry'],
  ] as const) {
    expect((await run([...args, ...options], { environment })).named).toEqual([`${path} acme`]);
  }
});

test('what belongs to the installation is asked for without a project', async () => {
  for (const args of [['providers'], ['routes'], ['models'], ['projects', 'ls'], ['keys', 'ls']]) {
    const { code, named } = await run(args, { environment: { UNDERSTUDY_PROJECT: '*' } });
    expect({ args, code, named }).toEqual({
      args,
      code: EXIT.ok,
      named: [expect.stringMatching(/ undefined$/)],
    });
  }
});

test('a list of all projects tells of each job to which it belongs', async () => {
  const { stdout } = await run(['ls', '--project', '*']);
  expect(stdout).toMatch(/^ID +PROJECT +STATUS /);
  expect(stdout).toMatch(/^job_1 +acme +failed /m);
});

test.each([
  [['ls'], "No job of the project default fits. (--project '*' looks in all)"],
  [['webhooks', 'deliveries'], "No delivery of the project default fits. (--project '*' looks"],
  [['batch', 'ls'], "No batch of the project default fits. (--project '*' looks in all)"],
  [['stats'], 'No provider was called for a job of the project default. (--project'],
  [
    ['retry', '--all', '--dry-run'],
    '0 would be retried: no job of the project default fits (--pro',
  ],
  [['ls', '--project', 'acme'], 'No job of the project acme fits.\n'],
])('%j without a hit says where it looked: %s', async (args, words) => {
  expect((await run(args)).stdout).toContain(words);
});

test('whoever has no other project to look at hears of none, and a script of nothing more', async () => {
  expect((await run(['ls'], { scopes: ['read'] })).stdout).toBe(
    'No job of the project default fits.\n',
  );
  expect((await run(['ls', '--json'])).named).toEqual(['/v1/jobs undefined']);
});

test('an operator hears in which project a missing job was looked for, others do not', async () => {
  for (const args of [
    ['get', 'job_1'],
    ['rm', 'job_1'],
    ['wait', 'job_1', 'job_2'],
  ]) {
    const { code, stderr } = await run(args);
    expect(code).toBe(EXIT.notFound);
    expect(stderr).toContain(
      "no job of this id; only what is of the project default was looked at (--project names another; with '*' ls, batch ls and webhooks deliveries tell what is where)\n",
    );
    expect((await run(args, { scopes: ['read'] })).stderr).toContain('no job of this id\n');
  }
});

test.each([
  [['ls', '--project', ''], '"" is no name of a project'],
  [['ls', '--project', 'Acme Ltd'], '"Acme Ltd" is no name of a project'],
  [['keys', 'create', '--project', '*'], 'a key belongs to one project'],
])('%j is refused before anything is asked', async (args, words) => {
  const { code, stderr, named } = await run(args);
  expect({ code, named }).toEqual({ code: EXIT.usage, named: [] });
  expect(stderr).toContain(words);
});
