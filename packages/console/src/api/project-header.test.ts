import { expect, test } from 'vitest';
import { projectHeader } from './project-header.ts';

const URL_OF_JOBS = 'http://127.0.0.1:8080/v1/jobs?status=failed';
const OPERATOR = { project: 'default', acting: '*' };

test('a key without the operator’s scope names no project', () => {
  const request = { method: 'GET', url: URL_OF_JOBS };
  expect(projectHeader(request, { project: 'acme' }, 'other')).toBeUndefined();
});

test('lists are asked of all projects', () => {
  expect(projectHeader({ method: 'GET', url: URL_OF_JOBS }, OPERATOR, undefined)).toBe('*');
});

test('a job is looked for in all projects', () => {
  const request = { method: 'GET', url: 'http://127.0.0.1:8080/v1/jobs/job_1?without=result' };
  expect(projectHeader(request, OPERATOR, undefined)).toBe('*');
});

test.each([
  ['POST', URL_OF_JOBS],
  ['DELETE', 'http://127.0.0.1:8080/v1/jobs/job_1'],
  ['GET', 'http://127.0.0.1:8080/v1/jobs/job_1/request'],
])('%s %s acts in the key’s own project while all are looked at', (method, url) => {
  expect(projectHeader({ method, url }, OPERATOR, undefined)).toBeUndefined();
});

test('a thing of another project is asked for in its own', () => {
  const request = { method: 'GET', url: 'http://127.0.0.1:8080/v1/jobs/job_1' };
  expect(projectHeader(request, OPERATOR, 'acme')).toBe('acme');
  expect(projectHeader(request, OPERATOR, 'default')).toBeUndefined();
});
