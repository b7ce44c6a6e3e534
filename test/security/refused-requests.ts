import { chat } from './canary-caller.ts';
import { SIGNING_SECRET, canary } from './canary-texts.ts';

const REFUSED = canary('refused');

const job = (more: object) => ({ endpoint: '/v1/chat/completions', body: chat('good'), ...more });

/** Requests without a body that no API should serve, each with a canary in it. */
export const REFUSED_CALLS: Readonly<Record<string, [path: string, init: RequestInit]>> = {
  'a wrong key': ['/v1/jobs', { headers: { authorization: `Bearer ${canary('apikey', '-x')}` } }],
  'a wrong key of ours': [
    '/v1/jobs',
    { headers: { authorization: 'none', 'x-api-key': `us_${canary('apikey')}` } },
  ],
  'a key in the query': [
    `/v1/jobs?key=${canary('apikey')}`,
    { headers: { authorization: 'none' } },
  ],
  'an unknown path': [`/nothing?prompt=${REFUSED}`, {}],
  'a cursor': [`/v1/jobs?after=${REFUSED}`, {}],
  'a strange method': ['/v1/jobs', { method: 'PUT', body: REFUSED }],
};

/** Bodies that are refused, each with a canary in it. */
export const REFUSED_BODIES: Readonly<
  Record<string, [path: string, body: unknown, headers?: Record<string, string>]>
> = {
  'broken JSON': ['/v1/jobs', `{"prompt": "${REFUSED}" "${REFUSED}"`],
  'JSON that ends': ['/v1/jobs', `{"messages": [{"content": "${REFUSED}`],
  'a text for a number': ['/v1/jobs', job({ priority: REFUSED, expires_in: REFUSED })],
  'a text for a body': ['/v1/jobs', job({ body: REFUSED })],
  'metadata that nests': ['/v1/jobs', job({ metadata: { a: { b: REFUSED } } })],
  'a URL that is none': ['/v1/jobs', job({ callback: { url: `http:${REFUSED}` } })],
  'a URL of a private network': [
    '/v1/jobs',
    job({ callback: { url: `http://10.0.0.1/?token=${canary('callbackurl')}` } }),
  ],
  'a secret that is none': [
    '/v1/jobs',
    job({ callback: { url: 'https://hooks.example.com', secret: `${SIGNING_SECRET}!` } }),
  ],
  'an unknown model': ['/v1/chat/completions', { model: 'nobody-knows-it', prompt: REFUSED }],
  'a list for a model': ['/v1/chat/completions', { model: [REFUSED], messages: REFUSED }],
  'broken headers': [
    '/v1/chat/completions',
    chat('good'),
    { 'understudy-metadata': `{${canary('header')}`, 'understudy-priority': canary('header') },
  ],
  'a text for a flag': ['/v1/responses', { model: 'good', input: REFUSED, background: REFUSED }],
  'a number for a model': ['/anthropic/v1/messages', { model: 7, messages: REFUSED }],
  'another type': ['/v1/jobs', REFUSED, { 'content-type': 'text/plain' }],
};
