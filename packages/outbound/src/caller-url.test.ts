import { expect, test } from 'vitest';
import { checkCallerUrl } from './caller-url.ts';

const check = (url: string, ...allow: string[]) => checkCallerUrl(url, { allow });

test.each([
  ['https://hooks.example', 'https://hooks.example/'],
  ['https://Hooks.Example.:443/Path?q=%20#'.slice(0, -1), 'https://hooks.example/Path?q=%20'],
  ['https://hooks.example:8443/a/../b', 'https://hooks.example:8443/b'],
  ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
  ['https://8.8.8.8/', 'https://8.8.8.8/'],
  ['https://134744072/', 'https://8.8.8.8/'],
  ['https://[2606:4700:0::1111]/', 'https://[2606:4700::1111]/'],
  ['https://a_b.example/', 'https://a_b.example/'],
  ['https://hooks.example/?mail=a@b.example', 'https://hooks.example/?mail=a@b.example'],
])('%s is taken as %s', (given, url) => {
  expect(check(given)).toEqual({ ok: true, url });
});

test('an allowed host may be plain http on any port, and only it', () => {
  expect(check('http://Hooks.Internal:9000/a', 'hooks.internal')).toMatchObject({ ok: true });
  expect(check('http://hooks.internal.example:9000/', 'hooks.internal')).toMatchObject({
    ok: false,
  });
  expect(check('http://other.internal:9000/', 'hooks.internal')).toMatchObject({ ok: false });
  expect(check('http://bücher.internal/', 'BÜCHER.internal.')).toMatchObject({ ok: true });
});

test('a host allowed with a port is allowed at no other', () => {
  expect(check('http://hooks.internal:8080/', 'hooks.internal:8080')).toMatchObject({ ok: true });
  expect(check('http://hooks.internal/', 'hooks.internal:8080')).toMatchObject({ ok: false });
  expect(check('http://[fd00::1]:81/', '[fd00::1]:81')).toMatchObject({ ok: true });
  expect(check('https://[fd00::1]/', '[fd00::1]:81')).toMatchObject({ ok: false });
});

test('an allowed network holds addresses in every spelling, and no others', () => {
  expect(check('http://0x0a010203:81/', '10.1.0.0/16')).toEqual({
    ok: true,
    url: 'http://10.1.2.3:81/',
  });
  expect(check('http://10.2.0.0/', '10.1.0.0/16')).toMatchObject({ ok: false });
  expect(check('http://[::ffff:10.1.2.3]/', '10.1.0.0/16')).toMatchObject({ ok: false });
  expect(check('http://8.8.8.8/', '10.1.0.0/16')).toMatchObject({ ok: false });
});

test('where loopback is allowed, so is localhost', () => {
  for (const allow of ['127.0.0.0/8', '::1', 'localhost']) {
    expect(check('http://localhost:3000/hook', allow)).toMatchObject({ ok: true });
  }
  expect(check('http://localhost:3000/hook', '10.0.0.0/8')).toMatchObject({ ok: false });
});

test('what an entry of the policy cannot mean is named', () => {
  expect(() => check('https://hooks.example/', 'http://hooks')).toThrow(
    '"http://hooks" is no host, address or network; write hooks.internal,',
  );
});
