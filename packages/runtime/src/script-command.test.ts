import * as fc from 'fast-check';
import { Command } from 'ioredis';
import { expect, test } from 'vitest';
import { ScriptCommand } from './script-command.ts';

const text = fc.string({ unit: 'grapheme' });
const bytes = fc.uint8Array().map((array) => Buffer.from(array));
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true }));

test('whatever its arguments are, the same bytes are sent as ioredis sends of them', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(text, bytes, number)), (args) => {
      const theirs = new Command('EVALSHA', args, { replyEncoding: null }).toWritable({});
      const ours = new ScriptCommand('EVALSHA', args).toWritable();
      expect(Buffer.from(ours)).toEqual(Buffer.from(theirs));
    }),
  );
});

test('without bytes among its arguments a command is text', () => {
  expect(new ScriptCommand('EVAL', ['return 1', 0]).toWritable()).toBe(
    '*3\r\n$4\r\nEVAL\r\n$8\r\nreturn 1\r\n$1\r\n0\r\n',
  );
});
