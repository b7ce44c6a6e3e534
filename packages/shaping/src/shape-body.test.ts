import type { CallerDialect, Registration } from '@understudy/contracts';
import { registrationOf } from '@understudy/routing/testing';
import { expect, test } from 'vitest';
import { shapeBody } from './shape-body.ts';

const CLAUDES = {
  dialects: ['messages' as const],
  models: {
    'claude-opus-4-7': 'databricks-claude-opus-4-7',
    'claude-opus-4-6': 'databricks-claude-opus-4-6',
  },
};

async function shaped(
  members: object,
  sent: string,
  registration: Partial<Registration>,
  dialect: CallerDialect = 'messages',
  drawn: string | null = sent,
) {
  const shaping = await shapeBody({
    dialect,
    body: Buffer.from(JSON.stringify({ model: 'opus', ...members })),
    requested: 'claude-opus-4-7',
    drawn: drawn ?? undefined,
    sent,
    registration: registrationOf('databricks', registration),
  });
  if (shaping.kind !== 'shaped') throw new Error(`not shaped: ${shaping.kind}`);
  return shaping.shaped;
}

test('the body is made for the model that was drawn, not for the one that was asked for', async () => {
  const members = { max_tokens: 50, temperature: 0.2, messages: [{ role: 'user', content: 'Hi' }] };
  const newer = await shaped(members, 'databricks-claude-opus-4-7', CLAUDES);
  expect(newer.edits).toEqual({ temperature: undefined });
  expect(newer.losses).toMatchObject([{ field: 'temperature' }]);
  const older = await shaped(members, 'databricks-claude-opus-4-6', CLAUDES);
  expect(older).toMatchObject({ edits: {}, losses: [], needs: { maxOutputTokens: 50 } });
});

test('a body in the provider’s own dialect stays byte for byte', async () => {
  const { body, translation } = await shaped({ odd: 1 }, 'databricks-claude-opus-4-7', CLAUDES);
  expect(String(body)).toBe('{"model":"opus","odd":1}');
  expect(translation).toBeUndefined();
});

test('a body in another dialect is translated, and says how the answer comes back', async () => {
  const members = { messages: [{ role: 'user', content: 'Hi' }], n: 2 };
  const made = await shaped(members, 'databricks-claude-opus-4-7', CLAUDES, 'chat-completions');
  expect(made.dialect).toBe('messages');
  expect(JSON.parse(String(made.body))).toMatchObject({ max_tokens: expect.any(Number) });
  expect(made.losses).toMatchObject([{ field: 'n' }]);
  expect(made.translation).toBeDefined();
});

test('a surface hears our name of the model only where the provider’s own table chose the name', async () => {
  const sent = 'databricks-claude-opus-4-7';
  const byTable = await shaped({}, sent, CLAUDES, 'messages', null);
  expect(byTable.needs.canonical).toBe('claude-opus-4-7');
  expect((await shaped({}, sent, CLAUDES)).needs).not.toHaveProperty('canonical');
  const byOurName = await shaped({}, sent, CLAUDES, 'messages', 'claude-opus-4-7');
  expect(byOurName.needs.canonical).toBe('claude-opus-4-7');
  const overrides = { 'claude-opus-4-7': 'our-own' };
  const byOperator = { ...CLAUDES, overrides };
  const own = await shaped({}, 'our-own', byOperator, 'messages', null);
  expect(own.needs).not.toHaveProperty('canonical');
});

async function kindWithImage(url: string): Promise<string> {
  const content = [{ type: 'image_url', image_url: { url } }];
  const shaping = await shapeBody({
    dialect: 'chat-completions',
    body: Buffer.from(JSON.stringify({ messages: [{ role: 'user', content }] })),
    requested: 'claude-opus-4-7',
    drawn: undefined,
    sent: 'databricks-claude-opus-4-7',
    registration: registrationOf('databricks', CLAUDES),
    inlineFilesOnly: true,
  });
  return shaping.kind;
}

test('a host that fetches no files is skipped for an image by its URL, and for no other image', async () => {
  expect(await kindWithImage('https://example.com/cat.png')).toBe('untranslatable');
  expect(await kindWithImage('data:image/png;base64,iVBORw0KGgo=')).toBe('shaped');
});
