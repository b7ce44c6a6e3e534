import * as fc from 'fast-check';
import { Command } from 'ioredis';
import { expect, test } from 'vitest';
import { ScriptCommand } from './script-command.ts';

const text = fc.string({ unit: 'grapheme' });
const bytes = fc.uint8Array().map((array) => Buffer.from(array));
const number = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noInteger: true }));

test('whatever its arguments are, the same bytes are sent as ioredis sends of them', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(text, bytes, number)), (args) => {
      const theirs = new Command('evalsha', args, { replyEncoding: null }).toWritable({});
      const ours = new ScriptCommand('evalsha', args).toWritable();
      expect(Buffer.from(ours)).toEqual(Buffer.from(theirs));
    }),
  );
});

test('without bytes among its arguments a command is text', () => {
  expect(new ScriptCommand('eval', ['return 1', 0]).toWritable()).toBe(
    '*3\r\n$4\r\neval\r\n$8\r\nreturn 1\r\n$1\r\n0\r\n',
  );
});

test('a cluster finds the server of a command by its keys', () => {
  const command = new ScriptCommand('evalsha', ['0'.repeat(40), 2, 'a:{s}', 'b:{s}', 'c', 7]);
  expect(command.getKeys()).toEqual(['a:{s}', 'b:{s}']);
});
