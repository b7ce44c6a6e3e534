import { expect, test } from 'vitest';
import { jobEventSchema } from './job-event.ts';
import { readMessage } from './read-message.ts';
import { SCHEMA_VERSION } from './schema-version.ts';

const event = { v: SCHEMA_VERSION, project: 'acme', id: 'job_1', version: 3, status: 'queued' };
const read = (value: unknown) => readMessage(jobEventSchema, JSON.stringify(value));

test('a message of this version is read, with what a newer release added left out', () => {
  expect(read(event)).toEqual(event);
  expect(read({ ...event, mood: 'calm' })).toEqual(event);
});

test('a message of a newer version, of an unknown kind or that is none at all stops nobody', () => {
  expect(read({ ...event, v: SCHEMA_VERSION + 1 })).toBeUndefined();
  expect(read({ ...event, status: 'hibernating' })).toBeUndefined();
  expect(read(null)).toBeUndefined();
  expect(readMessage(jobEventSchema, '{"v":')).toBeUndefined();
});
