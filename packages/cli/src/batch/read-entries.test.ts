import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../exit-code.ts';
import type { Entry, EntryDefaults } from './entry.ts';
import type { InputFormat } from './input-format.ts';
import { readEntries } from './read-entries.ts';
import { writeUpload } from './write-upload.ts';

const CHAT: EntryDefaults = { endpoint: '/v1/chat/completions' };

function fileOf(content: string | Buffer, name = 'prompts'): string {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-entries-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function entriesOf(
  content: string | Buffer,
  format: InputFormat,
  defaults: EntryDefaults = CHAT,
  name?: string,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of readEntries({ path: fileOf(content, name), format, defaults })) {
    entries.push(entry);
  }
  return entries;
}

test.each(['{"model":"m","seed":12345678901234567890}', '{"model":"m","top_p":0.10,"x":1e400}'])(
  "an OpenAI line's body goes on with its numbers as they are: %s",
  async (body) => {
    const [entry] = await entriesOf(
      `{"custom_id":"a","method":"POST","url":"/openai/v1/responses","body":${body}}`,
      'openai',
    );
    expect(entry).toMatchObject({ customId: 'a', endpoint: '/v1/responses', body });
  },
);

test('a prompt line may write its numbers with more digits than they need', async () => {
  const [entry] = await entriesOf(
    '{"prompt":"Hi","model":"m","max_tokens":5.0,"temperature":0.70000000000000000}',
    'prompts',
  );
  expect(JSON.parse(entry?.body ?? '')).toMatchObject({
    max_completion_tokens: 5,
    temperature: 0.7,
  });
});

test('an Anthropic request is for the messages endpoint', async () => {
  const [entry] = await entriesOf(
    '{"custom_id":"a","params":{"model":"m","max_tokens":5}}',
    'anthropic',
  );
  expect(entry).toEqual({
    line: 1,
    customId: 'a',
    endpoint: '/v1/messages',
    body: '{"model":"m","max_tokens":5}',
  });
});

test.each([
  [
    'openai',
    '{"custom_id":"a","url":"/v1/chat/completions","body":{"messages":[]}}',
    '{"messages":[],"model":"m"}',
  ],
  ['openai', '{"custom_id":"a","url":"/v1/embeddings","body":{"model":"own"}}', '{"model":"own"}'],
  ['anthropic', '{"custom_id":"a","params":{"max_tokens":5}}', '{"max_tokens":5,"model":"m"}'],
  ['anthropic', '{"custom_id":"a","params":{"model":"own"}}', '{"model":"own"}'],
] as const)(
  'a line of %s takes a model of the command line where it names none: %s',
  async (format, line, body) => {
    const [entry] = await entriesOf(line, format, { ...CHAT, model: 'm' });
    expect(entry?.body).toBe(body);
  },
);

test.each([
  [
    '{"prompt":"one"}\n{"prompt":"two","system":"S"}',
    'prompts',
    'line 2: gives system, and an embedding',
  ],
  ['{"prompt":"one","temperature":1.0}', 'prompts', 'line 1: gives temperature'],
  ['prompt,system\none,S', 'csv', 'gives system'],
] as const)('%s as %s cannot be embedded', async (content, format, reason) => {
  const defaults: EntryDefaults = { endpoint: '/v1/embeddings', model: 'm' };
  await expect(entriesOf(content, format, defaults)).rejects.toThrow(reason);
});

test('a prompt takes what it does not say from the command line', async () => {
  const lines = [
    '{"prompt":"one"}',
    '',
    '{"prompt":"two","model":"other","system":"S","id":7,"metadata":{"k":[1]}}',
  ].join('\n');
  const [one, two] = await entriesOf(lines, 'prompts', { ...CHAT, model: 'm', maxTokens: 9 });
  expect(one).toMatchObject({ line: 1, customId: 'line-1', prompt: 'one' });
  expect(JSON.parse(one?.body ?? '')).toEqual({
    model: 'm',
    messages: [{ role: 'user', content: 'one' }],
    max_completion_tokens: 9,
  });
  expect(two).toMatchObject({ line: 3, customId: '7', metadata: { k: [1] } });
  expect(JSON.parse(two?.body ?? '')).toMatchObject({ model: 'other' });
  expect(two?.body).not.toContain('metadata');
});

test.each([
  ['{"prompt":"one"}', 'prompts', 'line 1: names no model; give one with -m'],
  ['{"promt":"one"}', 'prompts', 'line 1'],
  ['{"prompt":"one","temprature":1}', 'prompts', 'temprature'],
  ['\n{"prompt":', 'prompts', 'line 2: is not whole JSON'],
  ['{"custom_id":"a","url":"/v1/audio","body":{}}', 'openai', 'url is "/v1/audio"; give one of'],
  ['{"custom_id":"a","body":{}}', 'openai', 'line 1: url'],
  [Buffer.from([0x7b, 0xff, 0x7d]), 'prompts', 'line 1: is not UTF-8'],
] as const)('%s as %s is refused: %s', async (content, format, reason) => {
  await expect(entriesOf(content, format)).rejects.toThrow(reason);
});

test('a byte order mark is no part of the first line', async () => {
  expect(await entriesOf('\uFEFF{"prompt":"one","model":"m"}', 'prompts')).toHaveLength(1);
  const [csv] = await entriesOf('\uFEFFprompt,model\none,m', 'csv');
  expect(csv).toMatchObject({ prompt: 'one' });
});

test('rows of a CSV may hold commas, quotes and lines, and name their own model and id', async () => {
  const csv = 'id,model,text\n9,m,"a, ""b""\nc"\n,,plain\n';
  const entries = await entriesOf(csv, 'csv', { ...CHAT, model: 'd', template: 'Say {{text}}' });
  expect(entries.map(({ customId, prompt }) => ({ customId, prompt }))).toEqual([
    { customId: '9', prompt: 'Say a, "b"\nc' },
    { customId: expect.stringMatching(/^line-\d$/), prompt: 'Say plain' },
  ]);
  expect(entries.map(({ body }) => JSON.parse(body).model)).toEqual(['m', 'd']);
});

test('a CSV without a prompt column asks for a template, and a ragged one is refused', async () => {
  await expect(entriesOf('text\nHi', 'csv', { ...CHAT, model: 'm' })).rejects.toThrow(
    'no column "prompt"; make one with --template, from text',
  );
  await expect(entriesOf('prompt,model\nHi,m,more', 'csv')).rejects.toThrow('cannot be read');
});

test('columns of a TSV are separated by tabs, whatever its file is called', async () => {
  const [tabs] = await entriesOf('prompt\tmodel\na,b\tm', 'tsv');
  expect(tabs).toMatchObject({ prompt: 'a,b' });
});

test.each([
  ['prompt;model\nHi, you;m', 'csv', 'separated by semicolons; save it with commas, or with tabs'],
  ['prompt\tmodel\nHi\tm', 'csv', 'the columns of the CSV are separated by tabs; say --format tsv'],
  ['prompt,model\nHi,m', 'tsv', 'the columns of the TSV are separated by commas; say --format csv'],
  ['prompt,model,prompt\nHi,m,Ho', 'csv', 'the CSV has two columns "prompt"; name one otherwise'],
] as const)('%j as %s is refused: %s', async (content, format, reason) => {
  await expect(entriesOf(content, format)).rejects.toMatchObject({
    exitCode: EXIT.usage,
    message: expect.stringContaining(reason),
  });
});

test('a column may be named with a semicolon where a template says so, and several have no name', async () => {
  const [named] = await entriesOf('to be; or not\nHi', 'csv', {
    ...CHAT,
    model: 'm',
    template: 'Say {{to be; or not}}',
  });
  expect(named).toMatchObject({ prompt: 'Say Hi' });
  const [spare] = await entriesOf('prompt,model,,\nHi,m,,', 'csv');
  expect(spare).toMatchObject({ prompt: 'Hi' });
});

test.each([
  ['within', Buffer.from('prompt,model\ncaf\xe9 noir,m\n', 'latin1')],
  ['at its end', Buffer.from('model,prompt\nm,caf\xe9', 'latin1')],
])('a CSV that is not UTF-8 %s is refused', async (_, content) => {
  await expect(entriesOf(content, 'csv')).rejects.toMatchObject({
    exitCode: EXIT.usage,
    message: expect.stringContaining('is not UTF-8; convert the file'),
  });
});

test('letters of a CSV stay whole where its file is read in pieces', async () => {
  const prompt = 'é'.repeat(300_000);
  const [entry] = await entriesOf(`model,prompt\nm,${prompt}\n`, 'csv');
  expect(entry?.prompt === prompt).toBe(true);
});

test('a CSV that cannot be read ends with the reason', async () => {
  const entries = readEntries({ path: dirname(fileOf('')), format: 'csv', defaults: CHAT });
  await expect(entries.next()).rejects.toMatchObject({ code: 'EISDIR' });
});

test('plain text is a prompt for each line', async () => {
  const entries = await entriesOf('one\n\ntwo', 'text', { ...CHAT, model: 'm' });
  expect(entries.map(({ prompt }) => prompt)).toEqual(['one', 'two']);
});

const upload = async (lines: string[], format: InputFormat) => {
  const path = fileOf(lines.join('\n'));
  return writeUpload(
    readEntries({ path, format, defaults: { ...CHAT, model: 'm' } }),
    `${path}.out`,
  );
};

test('equal requests have equal hashes, whatever the file looks like', async () => {
  const one = await upload(['{"prompt":"a"}', '{"prompt":"b"}'], 'prompts');
  const other = await upload(['a', 'b'], 'text');
  const third = await upload(['a', 'c'], 'text');
  expect(other.sha256).toBe(one.sha256);
  expect(third.sha256).not.toBe(one.sha256);
  expect(one.customIds).toEqual(['line-1', 'line-2']);
});

const line = (id: string, url: string) => JSON.stringify({ custom_id: id, url, body: {} });

test('two lines of one name, two endpoints and no line at all are refused', async () => {
  await expect(
    upload(['{"prompt":"a","id":"x"}', '{"prompt":"b","id":"x"}'], 'prompts'),
  ).rejects.toThrow('line 2: has the id "x", which line 1 has already');
  await expect(
    upload([line('a', '/v1/responses'), line('b', '/v1/embeddings')], 'openai'),
  ).rejects.toThrow('a batch has one endpoint');
  await expect(upload([''], 'text')).rejects.toThrow('no line to send');
});
