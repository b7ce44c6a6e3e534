import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { UntranslatableError } from '../../loss.ts';
import { isObject } from '../json-reading.ts';
import { pathsIn, withValueAt } from '../../testing/mutation.ts';
import { messages } from './messages.ts';

const MARKER = { type: 'ephemeral', ttl: '5m' };

/** A request with everything in it that is read. */
const WHOLE = {
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  system: [{ type: 'text', text: 'Be brief.', cache_control: MARKER }],
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?', cache_control: MARKER },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0=' } },
        { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
        {
          type: 'document',
          title: 'Poem',
          context: 'By a child',
          source: { type: 'text', media_type: 'text/plain', data: 'Roses' },
          citations: { enabled: true },
        },
        { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'x' }] } },
        {
          type: 'search_result',
          title: 'Rome',
          source: 'https://example.com',
          content: [{ type: 'text', text: 'A city.' }],
        },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
        { type: 'redacted_thinking', data: 'sealed' },
        { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
        { type: 'text', text: 'I look.', citations: [] },
        { type: 'tool_use', id: 't', name: 'shot', input: { a: 1 }, caller: { type: 'direct' } },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 't',
          is_error: true,
          content: [
            { type: 'text', text: 'seen' },
            { type: 'tool_reference', tool_name: 'a' },
          ],
        },
      ],
    },
    { role: 'system', content: 'Be brief again.' },
    { role: 'user', content: 'And now?' },
  ],
  temperature: 0.5,
  top_p: 0.9,
  top_k: 40,
  stop_sequences: ['END'],
  tools: [
    {
      name: 'shot',
      description: 'Takes a picture.',
      input_schema: { type: 'object' },
      input_examples: [{ a: 1 }],
      strict: true,
      allowed_callers: ['direct'],
    },
    { type: 'web_search_20260318', name: 'web_search' },
  ],
  tool_choice: { type: 'tool', name: 'shot', disable_parallel_tool_use: true },
  thinking: { type: 'enabled', budget_tokens: 2048, display: 'omitted' },
  output_config: { effort: 'high', format: { type: 'json_schema', schema: {} } },
  metadata: { user_id: 'user-7' },
  service_tier: 'auto',
  cache_control: MARKER,
};

const WORDS = ['user', 'assistant', 'text', 'image', 'tool_use', 'tool_result', 'file', 'any', ''];

const changed = fc
  .array(
    fc.tuple(
      fc.constantFrom(...pathsIn(WHOLE).filter((path) => path.length > 0)),
      fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(undefined, null, ...WORDS)),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((changes) =>
    changes.reduce<unknown>((body, [path, value]) => withValueAt(body, path, value), WHOLE),
  )
  .filter(isObject);

const arbitrary = fc.dictionary(fc.constantFrom(...Object.keys(WHOLE)), fc.jsonValue());

test('reading a spoilt request, or any JSON object, gives a request or an UntranslatableError', () => {
  expect(messages.read(WHOLE).options.prompt).toHaveLength(6);
  const outcomes = { translated: 0, untranslatable: 0 };
  fc.assert(
    fc.property(fc.oneof(changed, arbitrary), (request) => {
      const outcome = attempt(() => messages.read(request));
      outcomes[outcome instanceof UntranslatableError ? 'untranslatable' : 'translated'] += 1;
      return outcome instanceof UntranslatableError || !(outcome instanceof Error);
    }),
    { numRuns: 2000 },
  );
  expect(outcomes.translated).toBeGreaterThan(50);
  expect(outcomes.untranslatable).toBeGreaterThan(50);
});

function attempt(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

/** What says nothing to another dialect, and what is carried. */
const CARRIED: readonly string[] = ['messages', 'max_tokens', 'temperature'];

const KNOWN = [...Object.keys(WHOLE), 'stream', 'output_format', 'inference_geo', 'speed'];

test('every member that is not carried is told as a loss', () => {
  const unknownName = fc
    .stringMatching(/^[a-z][a-z_]{2,20}$/)
    .filter((name) => !KNOWN.includes(name));
  fc.assert(
    fc.property(
      fc.dictionary(unknownName, fc.jsonValue(), { minKeys: 1 }),
      fc.record(
        {
          container: fc.string(),
          mcp_servers: fc.array(fc.string()),
          context_management: fc.object(),
          temperature: fc.double({ noNaN: true, noDefaultInfinity: true }),
          max_tokens: fc.nat(),
        },
        { requiredKeys: [] },
      ),
      (unknown, known) => {
        const request = {
          messages: [{ role: 'user', content: 'Hello' }],
          ...unknown,
          ...known,
        };
        const told = messages.read(request).losses.map((loss) => loss.field);
        const expected = Object.entries(request)
          .filter(([name, value]) => !CARRIED.includes(name) && value !== null)
          .map(([name]) => name);
        expect(told.toSorted()).toEqual(expected.toSorted());
      },
    ),
    { numRuns: 500 },
  );
});
