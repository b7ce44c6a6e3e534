import { expect, test } from 'vitest';
import { draftBody, submittedOf } from './job-draft.ts';
import type { JobDraft } from './job-draft.ts';

const DRAFT: JobDraft = {
  endpoint: '/v1/chat/completions',
  model: 'm',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello.' },
    { role: 'user', content: '  ' },
  ],
  priority: 'normal',
  expiresIn: '',
  metadata: '',
};

test.each([
  [
    '/v1/chat/completions',
    {
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello.' },
      ],
    },
  ],
  [
    '/v1/messages',
    {
      model: 'm',
      max_tokens: 1024,
      system: 'Be brief.',
      messages: [{ role: 'user', content: 'Hello.' }],
    },
  ],
  [
    '/v1/responses',
    { model: 'm', instructions: 'Be brief.', input: [{ role: 'user', content: 'Hello.' }] },
  ],
  ['/v1/embeddings', { model: 'm', input: ['Be brief.', 'Hello.'] }],
] as const)('for %s the messages are written as that dialect has them', (endpoint, body) => {
  expect(draftBody({ ...DRAFT, endpoint })).toEqual(body);
});

test('what was left as it is is not sent', () => {
  expect(Object.keys(submittedOf(DRAFT, undefined))).toEqual(['endpoint', 'body']);
});

test('priority, expiry and metadata are sent as they were written', () => {
  const draft = {
    ...DRAFT,
    priority: 'low',
    expiresIn: ' 2h ',
    metadata: 'team: search\nurl: a:b\n',
  };
  expect(submittedOf(draft, '{"model":"n"}')).toEqual({
    endpoint: '/v1/chat/completions',
    body: { model: 'n' },
    priority: 'low',
    expires_in: '2h',
    metadata: { team: 'search', url: 'a:b' },
  });
});

test.each([
  ['{"model":', /no JSON/],
  ['[1]', /must be a JSON object/],
  ['{"messages":[]}', /with a "model"/],
])('the request %s is refused before it is sent', (text, message) => {
  expect(() => submittedOf(DRAFT, text)).toThrow(message);
});

test('metadata without a colon is refused by name', () => {
  expect(() => submittedOf({ ...DRAFT, metadata: 'team' }, undefined)).toThrow('"team"');
});
