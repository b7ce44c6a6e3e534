import type { Settings } from '@understudy/configuration';
import { expect, test } from 'vitest';
import { inputOf, openRunnerScene } from './testing/runner-scene.ts';
import { validateInput } from './validate-input.ts';

const LIMITS = {
  bodyBytes: 1000,
  jsonDepth: 5,
  jsonContainers: 100,
  jsonValues: 100,
  jsonKeys: 100,
  jsonStringCharacters: 1000,
};
const BATCHES = { maxLines: 3, maxBytes: 1_000_000 };

async function validated(input: string, batches: Partial<Settings['batches']> = {}) {
  const { context, create } = await openRunnerScene();
  const { dispatch, files } = context;
  const { settings, ...views } = dispatch.views();
  const limited = {
    ...settings,
    limits: LIMITS,
    batches: { ...settings.batches, ...BATCHES, ...batches },
  };
  return validateInput(
    { files, dispatch: { ...dispatch, views: () => ({ ...views, settings: limited }) } },
    await create(input),
    new AbortController().signal,
  );
}

/** The codes of an input's problems with their lines, or how many lines it has. */
async function validate(input: string, batches: Partial<Settings['batches']> = {}) {
  const { total, problems } = await validated(input, batches);
  return problems.length === 0
    ? total
    : problems.map(({ line, code }) => (line === undefined ? code : `${line} ${code}`));
}

const line = (members: object): string =>
  JSON.stringify({
    custom_id: 'a',
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'm' },
    ...members,
  });

test('an input within the limits has as many lines as it has requests', async () => {
  expect(await validate(`\ufeff${inputOf(3).replaceAll('\n', '\r\n\r\n')}\n\n`)).toBe(3);
});

test.each<[string, string, string[]]>([
  ['too many requests', inputOf(4), ['too_many_tasks']],
  ['nothing', ' \n\r\n', ['empty_file']],
  ['nothing but very many blank lines', '\n'.repeat(100), ['too_many_tasks']],
  ['no JSON', '{"custom_id": nope}', ['1 invalid_json_line']],
  ['no object', '[1]', ['1 invalid_json_line']],
  ['deep nesting', line({ body: [[[[[[1]]]]]] }), ['1 invalid_json_line']],
  ['a prototype', line({}).replace('"m"', '{"__proto__":1}'), ['1 invalid_json_line']],
  ['no custom_id', line({ custom_id: undefined }), ['1 missing_required_parameter']],
  ['a custom_id that is no text', line({ custom_id: 7 }), ['1 invalid_custom_id']],
  ['half a character', line({ custom_id: 'x\ud800' }), ['1 invalid_custom_id']],
  ['another method', line({ method: 'GET' }), ['1 invalid_method']],
  ['another endpoint', line({ url: '/v1/embeddings' }), ['1 url_mismatch']],
  ['no body', line({ body: undefined }), ['1 missing_required_parameter']],
  ['a body that is a list', line({ body: [] }), ['1 invalid_request']],
  ['two of a name', `${line({})}\n\n${line({ method: 'POST' })}`, ['3 duplicate_custom_id']],
  ['a line too large', line({ body: { model: 'x'.repeat(70_000) } }), ['1 line_too_large']],
])('an input with %s is refused', async (_name, input, expected) => {
  expect(await validate(input)).toEqual(expected);
});

test('a line that is too large is told how large a request may be', async () => {
  const { problems } = await validated(line({ body: { model: 'x'.repeat(70_000) } }));
  expect(problems[0]?.message).toBe(
    'the line is larger than a request may be, which is 1000 bytes',
  );
});

test('an input that is larger than a batch’s may be is refused', async () => {
  expect(await validate(inputOf(3), { maxBytes: 200 })).toEqual(['file_too_large']);
});

test('no more than a hundred problems are told', async () => {
  const problems = await validate('x\n'.repeat(500), { maxLines: 1000 });
  expect(problems).toHaveLength(100);
});
