import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import openapiTS, { astToString } from 'openapi-typescript';

const run = promisify(execFile);
const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const PRINT_OPENAPI = pathOf('../../services/api/src/print-openapi.ts');
const TYPES_FILE = pathOf('src/openapi.ts');
const LARGEST_DOCUMENT_BYTES = 64 * 1024 * 1024;

const OWN_PATH = /^\/v1\/(?!chat\/|responses|embeddings)/;

interface OpenApi {
  /** Path → method → operation. */
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
}

/** The types of what the API's routes say of themselves now, as they stand in `src/openapi.ts`. */
export async function typesOfTheApi(): Promise<string> {
  const { stdout } = await run(process.execPath, [PRINT_OPENAPI], {
    maxBuffer: LARGEST_DOCUMENT_BYTES,
  });
  const types = await openapiTS(whatTheClientAsks(stdout), {
    alphabetize: true,
    exportType: true,
  });
  return format(
    `// Made by \`pnpm client:types\` from the API's OpenAPI document.\n\n${astToString(types)}`,
  );
}

/** Our own calls; a vendor's SDK makes the vendor's. Refusals are thrown, so only good answers count. */
function whatTheClientAsks(text: string): string {
  const document: OpenApi = JSON.parse(text);
  const own = Object.entries(document.paths).filter(([path]) => OWN_PATH.test(path));
  for (const operation of own.flatMap(([, methods]) => Object.values(methods))) {
    const { responses } = operation;
    const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    operation.responses = Object.fromEntries(good);
  }
  return JSON.stringify({ ...document, paths: Object.fromEntries(own) });
}

/** As the formatter of the whole repository leaves it. */
async function format(source: string): Promise<string> {
  const formatting = run('oxfmt', ['--stdin-filepath', TYPES_FILE], {
    maxBuffer: LARGEST_DOCUMENT_BYTES,
    env: { ...process.env, PATH: `${pathOf('../../node_modules/.bin')}:${process.env['PATH']}` },
  });
  formatting.child.stdin?.end(source);
  return (await formatting).stdout;
}

if (import.meta.main) await writeFile(TYPES_FILE, await typesOfTheApi());
