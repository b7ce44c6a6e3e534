import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { API_KEY, startTestApi } from './start-test-api.ts';
import type { TestApi } from './start-test-api.ts';

export interface FilesApi extends TestApi {
  /** Bytes that lie in the folder of files, one name each. */
  stored(): string[];
  /** Uploads a file as OpenAI's SDK does: the file first, then its purpose. */
  upload(
    content: string,
    options?: { purpose?: string; path?: string; headers?: Record<string, string> },
  ): Promise<Response>;
}

/** The whole API with a folder of its own for files. */
export async function startFilesApi(settings = ''): Promise<FilesApi> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const api = await startTestApi({
    configuration: `
providers:
  main: { kind: openai, apiKey: unused }
  backup: { kind: openai, apiKey: unused }
files: { path: ${JSON.stringify(folder)}, maxBytes: 1000000 }
${settings}`,
  });
  return {
    ...api,
    stored: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name),
    upload: async (content, { purpose = 'batch', path = '/v1/files', headers = {} } = {}) => {
      const form = new FormData();
      form.append('file', new Blob([content]), 'input.jsonl');
      form.append('purpose', purpose);
      return fetch(`${api.url}${path}`, {
        method: 'POST',
        headers: { 'x-api-key': API_KEY, ...headers },
        body: form,
      });
    },
  };
}
