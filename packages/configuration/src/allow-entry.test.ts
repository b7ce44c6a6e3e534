import { expect, test } from 'vitest';
import { parseAllowEntry } from './allow-entry.ts';

test.each([
  ['hooks.internal', { kind: 'host', host: 'hooks.internal' }],
  ['Hooks.Internal.:8080', { kind: 'host', host: 'hooks.internal', port: 8080 }],
  ['bücher.internal', { kind: 'host', host: 'xn--bcher-kva.internal' }],
  ['localhost:80', { kind: 'host', host: 'localhost', port: 80 }],
  ['10.1.2.3', { kind: 'network', address: '10.1.2.3', prefixLength: 32 }],
  ['10.1.2.3:443', { kind: 'network', address: '10.1.2.3', prefixLength: 32, port: 443 }],
  ['::1', { kind: 'network', address: '::1', prefixLength: 128 }],
  ['[fd00::1]', { kind: 'network', address: 'fd00::1', prefixLength: 128 }],
  ['[fd00::1]:65535', { kind: 'network', address: 'fd00::1', prefixLength: 128, port: 65_535 }],
  ['0.0.0.0/0', { kind: 'network', address: '0.0.0.0', prefixLength: 0 }],
  ['fd00::/8', { kind: 'network', address: 'fd00::', prefixLength: 8 }],
])('%s is read as %j', (text, entry) => {
  expect(parseAllowEntry(text)).toEqual(entry);
});

test.each([
  '',
  ' ',
  'https://hooks.internal',
  'hooks.internal/path',
  'user@hooks.internal',
  '*.internal',
  '-hooks.internal',
  'hooks..internal',
  'hooks.internal:0',
  'hooks.internal:65536',
  'hooks.internal:http',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0/8',
  'hooks.internal/8',
  'fd00::/129',
  '[fd00::]/8',
  'fe80::1%eth0/64',
  'fe80::1%eth0',
  '[::1',
  '256.1.1.1',
])('"%s" is refused by name', (text) => {
  expect(() => parseAllowEntry(text)).toThrow(`${JSON.stringify(text)} is no host, address or`);
});
