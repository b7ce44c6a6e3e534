import { expect, test } from 'vitest';
import { describeOutbound, withLocalOutbound } from './local-outbound.ts';

const allowed = (host: string, environment: Record<string, string> = {}) =>
  withLocalOutbound(environment, host)['UNDERSTUDY_OUTBOUND_ALLOW'];

test.each(['127.0.0.1', '127.1.2.3', '::1', '0:0:0:0:0:0:0:1', 'localhost', 'LOCALHOST'])(
  'an API at %s lets callbacks reach this machine',
  (host) => {
    expect(allowed(host)).toBe('127.0.0.0/8,::1');
  },
);

test.each(['0.0.0.0', '::', '10.0.0.1', 'broker.internal', '127.example'])(
  'an API at %s does not',
  (host) => {
    expect(allowed(host)).toBeUndefined();
  },
);

test('what the environment says stays, also when it permits nothing', () => {
  for (const given of ['', 'hooks.internal']) {
    expect(allowed('127.0.0.1', { UNDERSTUDY_OUTBOUND_ALLOW: given })).toBe(given);
  }
});

test('the report of a start says where callbacks may go', () => {
  expect(describeOutbound([])).toBe('to public https addresses');
  expect(describeOutbound(['127.0.0.0/8', '::1'])).toContain('to this machine; outbound:');
  expect(describeOutbound(['hooks.internal', '::1'])).toMatch(/and to hooks\.internal, ::1$/);
});
