import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleKinds } from './testing/sample-kinds.ts';
import { ConfigurationError } from './configuration-error.ts';
import { loadSettings, parseSettings } from './load-settings.ts';

const environment = {
  ANTHROPIC_API_KEY: 'key: "one" # not a comment',
  DATABRICKS_HOST: 'adb-1.azuredatabricks.net',
  DATABRICKS_TOKEN: 'token-one',
};

function parse(text: string, variables: Record<string, string> = environment) {
  return parseSettings(text, {
    environment: variables,
    kinds: sampleKinds,
    credentials: 'resolve',
  });
}

function problemsOf(text: string, variables: Record<string, string> = environment) {
  try {
    parse(text, variables);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

function loadFrom(variables: Record<string, string>) {
  return loadSettings({ environment: variables, kinds: sampleKinds, credentials: 'resolve' });
}

function fileWithKey(value: string) {
  return `providers: { a: { kind: anthropic, apiKey: "${value}" } }`;
}

const FULL = `
providers:
  anthropic-prod: { kind: anthropic, apiKey: \${ANTHROPIC_API_KEY}, timeout: 20m, concurrency: \${WIDTH:-32}, limits: { requestsPerMinute: 4000 } }
  databricks:
    kind: databricks
    host: "https://\${DATABRICKS_HOST}"
    token: \${DATABRICKS_TOKEN}
    passthrough: true
    models: { our-fine-tune: "claude-ft@001" }
    verdicts: [{ status: [418, 420], message: busy, verdict: next, cooldown: model }]
routes:
  opus:
    splitBy: metadata.customer
    expiresIn: 2h
    onRefusal: next
    providers: { except: [databricks] }
    targets:
      - split:
          - { provider: databricks, model: databricks-claude-opus-4-7, weight: 70 }
          - { provider: databricks, model: databricks-claude-opus-4-6, weight: 0.5, fallback: true }
      - { provider: anthropic-prod, model: claude-opus-4-7, timeout: 300s, maxQueueWait: 60s, contextWindow: 200000 }
autoRoutes: false
redis: { durability: assumed }
limits: { bodyBytes: 1000000 }
webhooks: { timeout: 20s, retries: [0s, 5s, 1.5m] }
outbound: { allow: [hooks.internal, 10.0.0.0/8] }
projects:
  acme: { requestsPerMinute: 600, jobsWaiting: 5000, bytesStored: 1000000000, spendPerDay: 12.5, routes: [opus], highestPriority: normal }
cors: { origins: ["https://app.example.com"] }
defaults: { retention: 30d, maxCalls: 7 }
`;

test('a whole file becomes settings, with every default filled in', () => {
  expect(parse(FULL)).toEqual({
    providers: {
      'anthropic-prod': {
        name: 'anthropic-prod',
        kind: 'anthropic',
        apiKey: 'key: "one" # not a comment',
        secrets: ['key: "one" # not a comment'],
        concurrency: 32,
        requestsPerMinute: 4000,
        models: {},
        passthrough: false,
        timeoutMs: 1_200_000,
        connectTimeoutMs: 10_000,
        verdicts: [],
      },
      databricks: {
        name: 'databricks',
        kind: 'databricks',
        host: 'https://adb-1.azuredatabricks.net',
        token: 'token-one',
        secrets: ['token-one'],
        concurrency: 16,
        models: { 'our-fine-tune': 'claude-ft@001' },
        passthrough: true,
        connectTimeoutMs: 10_000,
        verdicts: [
          {
            id: 'operator.provider.1',
            when: { status: [418, 420], message: ['busy'] },
            verdict: 'next',
            cooldown: { scope: 'model', when: 'now' },
          },
        ],
      },
    },
    routes: {
      opus: {
        name: 'opus',
        splitBy: 'metadata.customer',
        maxCalls: 7,
        expiresInMs: 7_200_000,
        onRefusal: 'next',
        onLoss: 'drop',
        verdicts: [],
        providers: { except: ['databricks'] },
        targets: [
          {
            split: [
              {
                provider: 'databricks',
                model: 'databricks-claude-opus-4-7',
                weight: 70,
                fallback: false,
              },
              {
                provider: 'databricks',
                model: 'databricks-claude-opus-4-6',
                weight: 0.5,
                fallback: true,
              },
            ],
          },
          {
            provider: 'anthropic-prod',
            model: 'claude-opus-4-7',
            timeoutMs: 300_000,
            maxQueueWaitMs: 60_000,
            contextWindow: 200_000,
          },
        ],
      },
    },
    autoRoutes: false,
    redis: { durability: 'assumed', replicas: 0, highestMemoryShare: 0.75 },
    limits: {
      bodyBytes: 1_000_000,
      jsonDepth: 64,
      jsonContainers: 250_000,
      jsonValues: 2_000_000,
      jsonKeys: 250_000,
      jsonStringCharacters: 33_554_432,
    },
    metrics: { enabled: true, host: '127.0.0.1' },
    server: { maxConnections: 10_000 },
    outbound: {
      allow: ['hooks.internal', '10.0.0.0/8'],
      fetchImages: true,
      maxImageBytes: 5_000_000,
      imageTimeoutMs: 10_000,
    },
    projects: {
      acme: {
        requests_per_minute: 600,
        jobs_waiting: 5000,
        bytes_stored: 1_000_000_000,
        spend_per_day: 12.5,
        routes: ['opus'],
        highest_priority: 5,
      },
    },
    projectProviders: {},
    cors: { origins: ['https://app.example.com'] },
    webhooks: {
      timeoutMs: 20_000,
      retriesMs: [0, 5000, 90_000],
      concurrency: 8,
      retentionMs: 604_800_000,
      maxEventBytes: 65_536,
    },
    files: { path: '.data/files', maxBytes: 209_715_200, retentionMs: 2_592_000_000 },
    batches: {
      maxLines: 50_000,
      maxBytes: 209_715_200,
      linesInFlight: 3000,
      lineRetentionMs: 86_400_000,
    },
    defaults: {
      expiresInMs: 86_400_000,
      waitTimeoutMs: 600_000,
      maxCalls: 7,
      maxCooldownMs: 3_600_000,
      retentionMs: 2_592_000_000,
      gracePeriodMs: 30_000,
      ageingMs: 600_000,
    },
  });
});

test('a file with many mistakes has every one listed by path', () => {
  const problems = problemsOf(`
providers:
  anthropic: { kind: antropic, apiKey: x }
  second: { kind: anthropic, apiKey: \${MISSING_KEY}, concurency: 4, timeout: 30 }
  bricks: { kind: databricks, token: t, apiKey: x, connectTimeout: soon }
  none: { kind: openai-compatible, baseUrl: "ftp://x", preset: grok }
routes:
  opus:
    targets:
      - { provider: anthropic }
      - { provider: antropic }
      - { split: [ { provider: bricks, weight: 0 }, { provider: brick, weight: -1 } ] }
      - { provider: second, weight: 3 }
      - { provider: second }
  claude-3.5: { targets: [] }
  limited: { targets: [{ provider: bricks }], providers: { only: [nobody-at-all] }, splitBy: tenant }
outbound: { allow: ["http://hooks.internal", 10.0.0.0/33] }
cors: { origins: ["*", "https://app.example.com/"] }
server: { publicUrl: "llm.example.com" }
autoroutes: true
`);
  expect(problems.toSorted()).toEqual(
    [
      'providers.second.apiKey: the environment variable MISSING_KEY is not set; set it, or give a default: ${MISSING_KEY:-…}',
      'providers.anthropic.kind: no kind named "antropic"; did you mean "anthropic"?',
      'providers.second.concurency: unknown member; did you mean "concurrency"?',
      'providers.second.timeout: expected a duration, such as 250ms, 30s, 5m, 1h or 7d',
      'providers.bricks.connectTimeout: "soon" is not a duration; write a number and a unit, such as 250ms, 30s, 5m, 1h or 7d',
      'providers.bricks.apiKey: a provider of kind "databricks" takes no "apiKey"; it takes host, token',
      'providers.bricks.host: is missing; a provider of kind "databricks" needs host',
      'providers.none.preset: no preset named "grok"; did you mean "groq"?',
      'providers.none.baseUrl: expected an http or https URL without user, query or fragment, such as http://127.0.0.1:8000/v1',
      'routes.opus.targets[1].provider: no provider named "antropic"; did you mean "anthropic"?',
      'routes.opus.targets[2].split[0].weight: must be greater than 0; it is 0',
      'routes.opus.targets[2].split[1].weight: must be greater than 0; it is -1',
      'routes.opus.targets[2].split[1].provider: no provider named "brick"; did you mean "bricks"?',
      'routes.opus.targets[3].weight: unknown member; known are contextWindow, maxQueueWait, model, provider, timeout',
      'routes.opus.targets[4]: the same target as routes.opus.targets[3]; keep one',
      'routes["claude-3.5"].targets: is empty; name at least one target',
      'routes.limited.providers.only[0]: no provider named "nobody-at-all"; known are anthropic, bricks, none, second',
      'routes.limited.splitBy: expected job, user or metadata.<key>',
      'outbound.allow[0]: "http://hooks.internal" is no host, address or network; write hooks.internal, hooks.internal:8080, 10.1.2.3, [fd00::1]:8080 or 10.0.0.0/8',
      'outbound.allow[1]: "10.0.0.0/33" is no host, address or network; write hooks.internal, hooks.internal:8080, 10.1.2.3, [fd00::1]:8080 or 10.0.0.0/8',
      'cors.origins[0]: "*" is no origin; expected an origin as browsers send it, scheme, host and port alone, such as https://app.example.com',
      'cors.origins[1]: "https://app.example.com/" is no origin; expected an origin as browsers send it, scheme, host and port alone, such as https://app.example.com',
      'server.publicUrl: "llm.example.com" is no such URL; expected an http or https URL of scheme, host and port alone, such as https://llm.example.com',
      'autoroutes: unknown member; did you mean "autoRoutes"?',
    ].toSorted(),
  );
});

test('what is out of bounds is told in plain words with its value, a secret without', () => {
  expect(
    problemsOf(`
providers:
  main: { kind: anthropic, apiKey: x, concurrency: 0, limits: { requestsPerMinute: many }, proxy: y }
  own: { kind: anthropic, apiKey: x, models: [acme-large], baseUrls: { chat: "http://x", mesages: "http://x" } }
routes: { opus: { targets: [{ provider: main }], onLoss: ignore } }
defaults: { maxCalls: 2.5 }
metrics: { token: hunter2 }
webhooks: { retries: 3 }
`).toSorted(),
  ).toEqual(
    [
      'providers.main.concurrency: expected more than 0; it is 0',
      'providers.main.limits.requestsPerMinute: expected a number',
      'providers.main.proxy: unknown member; known are apiKey, baseUrl, baseUrls, concurrency, connectTimeout, kind, limits, models, passthrough, sendTraceparent, timeout, verdicts',
      "providers.own.models: expected names, each with the provider's name for it: { acme-large: acme-large-v3 }",
      'providers.own.baseUrls.chat: unknown dialect; known are chat-completions, converse, embed-content, embeddings, generate-content, invoke-embedding, messages, predict-embedding, responses',
      'providers.own.baseUrls.mesages: unknown dialect; did you mean "messages"?',
      'routes.opus.onLoss: expected one of "drop", "skip", "refuse"; it is "ignore"',
      'defaults.maxCalls: expected a whole number',
      'metrics.token: must have at least 16 characters',
      'webhooks.retries: expected a list',
    ].toSorted(),
  );
});

test('a field that takes a list is checked by what its kind knows', () => {
  expect(
    problemsOf(`
providers:
  main: { kind: openai-compatible, baseUrl: http://10.0.0.7, dialects: [respones, chat-completions] }
  text: { kind: openai-compatible, baseUrl: http://10.0.0.7, dialects: responses }
  none: { kind: openai-compatible, baseUrl: http://10.0.0.7, dialects: [] }
  other: { kind: anthropic, apiKey: x, dialects: [responses] }
`).toSorted(),
  ).toEqual([
    'providers.main.dialects[0]: "respones" is unknown; did you mean "responses"?',
    'providers.none.dialects: is empty; name at least one of chat-completions, responses',
    'providers.other.dialects: a provider of kind "anthropic" takes no "dialects"; it takes apiKey',
    'providers.text.dialects: expected a list',
  ]);
});

const inHeader = (header: string): string =>
  `providers: { a: { kind: openai-compatible, preset: groq, apiKey: k, apiKeyHeader: ${header} } }`;

test.each(['x-acme-key', 'Authorization'])('a key may be sent in the header %s', (header) => {
  expect(parse(inHeader(header)).providers['a']).toMatchObject({ apiKeyHeader: header });
});

test.each([
  ['"x-acme-key:"', 'is no name of a header; write it without the colon, such as x-api-key'],
  ['x key', 'is no name of a header; write it without the colon, such as x-api-key'],
  ['Host', 'Host carries no key; name the header in which the vendor takes it'],
  ['content-length', 'content-length carries no key; name the header in which the vendor takes it'],
  ['traceparent', 'traceparent carries no key; name the header in which the vendor takes it'],
])('no key is sent in the header %s', (header, problem) => {
  expect(problemsOf(inHeader(header))).toEqual([`providers.a.apiKeyHeader: ${problem}`]);
});

test('a time that no timer counts, or of which nothing is left, is refused', () => {
  const problems = problemsOf(`
providers:
  main: { kind: anthropic, apiKey: x, timeout: 30d, connectTimeout: 0s }
routes:
  opus: { targets: [{ provider: main, timeout: 25d }], expiresIn: 0s }
defaults: { waitTimeout: 0s, gracePeriod: 600h, drainDelay: 99d, retention: 0ms, ageing: 0s }
webhooks: { timeout: 0s, retention: 0d }
files: { retention: 0s }
outbound: { imageTimeout: 30d }
`);
  expect(problems.toSorted()).toEqual(
    [
      'providers.main.timeout: is 30d; give a duration of at most 24d',
      'providers.main.connectTimeout: is 0s; give a duration above zero, up to 24d',
      'routes.opus.targets[0].timeout: is 25d; give a duration of at most 24d',
      'routes.opus.expiresIn: is 0s; give a duration above zero',
      'defaults.waitTimeout: is 0s; give a duration above zero, up to 24d',
      'defaults.gracePeriod: is 600h; give a duration of at most 24d',
      'defaults.drainDelay: is 99d; give a duration of at most 24d',
      'defaults.retention: is 0ms; give a duration above zero',
      'defaults.ageing: is 0s; give a duration above zero',
      'webhooks.timeout: is 0s; give a duration above zero, up to 24d',
      'webhooks.retention: is 0d; give a duration above zero',
      'files.retention: is 0s; give a duration above zero',
      'outbound.imageTimeout: is 30d; give a duration of at most 24d',
    ].toSorted(),
  );
});

test('a process that stops at once, and a try that is made at once, wait for nothing', () => {
  const text = 'defaults: { gracePeriod: 0s, drainDelay: 0s }\nwebhooks: { retries: [0s, 0s] }';
  expect(problemsOf(text)).toEqual([]);
});

test('a name given twice is a problem with its line', () => {
  const problems = problemsOf('providers:\n  a: { kind: x }\n  a: { kind: y }\n');
  expect(problems).toEqual(['line 3: Map keys must be unique']);
});

test('an alias that contains itself is refused instead of followed for ever', () => {
  expect(problemsOf('providers: &all\n  again: *all\n')).toEqual([
    'an alias refers to a node that contains it; write it out',
  ]);
});

test('a syntax error does not show the line, which may hold a key', () => {
  const [problem] = problemsOf('providers: { a: { apiKey: very-secret ] }\n');
  expect(problem).toMatch(/^line \d+: /);
  expect(problem).not.toContain('very-secret');
});

test('a value from the environment is text, whatever YAML would make of it', () => {
  const text = 'providers: { a: { kind: anthropic, apiKey: ${KEY} } }';
  for (const KEY of ['0123', 'true', '{ a: b }', '$${X}', 'a\nb: c']) {
    expect(parse(text, { KEY }).providers['a']?.apiKey).toBe(KEY);
  }
});

test('an empty variable counts as not set, and a default or an escape needs none', () => {
  expect(problemsOf(fileWithKey('${KEY}'), { KEY: '' })).toEqual([
    'providers.a.apiKey: the environment variable KEY is empty; set it, or give a default: ${KEY:-…}',
  ]);
  expect(parse(fileWithKey('${KEY:-a,b}'), { KEY: '' }).providers['a']?.apiKey).toBe('a,b');
  expect(parse(fileWithKey('$${KEY}'), {}).providers['a']?.apiKey).toBe('${KEY}');
  expect(problemsOf(fileWithKey('${1KEY}'))[0]).toContain('is no reference');
});

test('rows of a route and of a provider are told apart by their names', () => {
  const rows = 'verdicts: [{ status: 400, verdict: next }, { status: 409, verdict: terminal }]';
  const { providers, routes } = parse(`
providers: { a: { kind: anthropic, apiKey: k, ${rows} } }
routes: { m: { targets: [{ provider: a }], ${rows} } }
`);
  expect(providers['a']?.verdicts).toMatchObject([
    { id: 'operator.provider.1' },
    { id: 'operator.provider.2' },
  ]);
  expect(routes['m']?.verdicts).toMatchObject([
    { id: 'operator.route.1' },
    { id: 'operator.route.2' },
  ]);
});

const inRow = (members: string): string =>
  `providers: { a: { kind: anthropic, apiKey: k, verdicts: [{ status: 429, verdict: next, ${members} }] } }`;

test('a row may say how long something cools, if it says what', () => {
  const row = 'cooldown: model, delay: 10s, delayHeader: X-Wait';
  expect(parse(inRow(row)).providers['a']?.verdicts).toMatchObject([
    { cooldown: { scope: 'model', when: 'now', delayMs: 10_000 }, delayHeader: 'x-wait' },
  ]);
  for (const members of ['delay: 10s', 'delayHeader: x-wait, cooldown: none']) {
    expect(problemsOf(inRow(members))).toEqual([
      'providers.a.verdicts[0]: says how long something cools, and not what; give cooldown: model or provider',
    ]);
  }
});

test('what a kind calls credentials is among the secrets, whatever its fields are called', () => {
  const kind = {
    kind: 'odd',
    fields: { secretKey: 'Key.', region: 'Where.' },
    required: [],
    credentials: ['secretKey'],
    environment: [],
  };
  const text = 'providers: { a: { kind: odd, secretKey: of-a-123456, region: eu } }';
  const options = { environment: {}, kinds: [kind] };
  const secretsOf = (credentials: 'resolve' | 'ignore') =>
    parseSettings(text, { ...options, credentials }).providers['a']?.secrets;
  expect(secretsOf('resolve')).toEqual(['of-a-123456']);
  expect(secretsOf('ignore')).toEqual([]);
});

test('a service that ignores credentials starts without them and never holds them', () => {
  const text = `
providers:
  a: { kind: anthropic, apiKey: \${UNSET_KEY} }
  b: { kind: databricks, host: h, token: literal-token }
`;
  const options = { environment: {}, kinds: sampleKinds, credentials: 'ignore' } as const;
  const settings = parseSettings(text, options);
  expect(Object.keys(settings.providers)).toEqual(['a', 'b']);
  expect(settings.providers['b']?.host).toBe('h');
  expect(JSON.stringify(settings)).not.toMatch(/apiKey|token/);
  expect(() => parseSettings('providers: { a: { kind: anthropic } }', options)).toThrow(
    'providers.a.apiKey: is missing',
  );
  expect(() =>
    parseSettings('providers: { b: { kind: databricks, host: "${UNSET}", token: t } }', options),
  ).toThrow('UNSET is not set');
});

test('a service holds the credentials of the providers it calls, and starts without the others', () => {
  const text = `
providers:
  a: { kind: anthropic, apiKey: "\${KEY_OF_A}" }
  b: { kind: anthropic, apiKey: "\${UNSET_KEY}" }
  c: { kind: databricks, host: "\${HOST_OF_C}", token: literal-token }
`;
  const options = {
    environment: { KEY_OF_A: 'key-of-a', HOST_OF_C: 'host-of-c' },
    kinds: sampleKinds,
    credentials: { of: (name: string, kind: string) => kind === 'anthropic' && name === 'a' },
  };
  const { providers } = parseSettings(text, options);
  expect(providers['a']?.apiKey).toBe('key-of-a');
  expect(providers['b']).not.toHaveProperty('apiKey');
  expect(providers['c']).toMatchObject({ host: 'host-of-c' });
  expect(providers['c']).not.toHaveProperty('token');
  expect(() => parseSettings(text, { ...options, environment: { HOST_OF_C: 'h' } })).toThrow(
    'KEY_OF_A is not set',
  );
});

test('without a file the providers whose variables are all set are there', () => {
  expect(loadFrom({}).providers).toEqual({});
  expect(loadFrom({ DATABRICKS_HOST: 'h', ANTHROPIC_API_KEY: '' }).providers).toEqual({});
  const { providers, path } = loadFrom({
    DATABRICKS_HOST: 'h',
    DATABRICKS_TOKEN: 't',
    GROQ_API_KEY: 'g',
  });
  expect(path).toBeUndefined();
  expect(providers).toMatchObject({
    databricks: { kind: 'databricks', host: 'h', token: 't' },
    groq: { kind: 'openai-compatible', preset: 'groq', apiKey: 'g' },
  });
});

test('a file that is not there is named with the remedy', () => {
  const path = join(tmpdir(), 'understudy-no-such-file.yaml');
  const options = { path, environment: {}, kinds: sampleKinds, credentials: 'resolve' } as const;
  expect(() => loadSettings(options)).toThrow(/understudy-no-such-file\.yaml.*--config/);
});

test('an empty file is a configuration without providers', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'understudy-')), 'understudy.yaml');
  writeFileSync(path, '# nothing yet\n');
  const options = { path, environment: {}, kinds: sampleKinds, credentials: 'resolve' } as const;
  expect(loadSettings(options)).toMatchObject({
    providers: {},
    routes: {},
    autoRoutes: true,
    path,
  });
});

test('the folder of files comes from the environment where the file names none', () => {
  const variables = { UNDERSTUDY_FILES_PATH: '/var/lib/understudy' };
  expect(loadFrom(variables).files.path).toBe('/var/lib/understudy');
  expect(parse('files: { maxBytes: 5 }', variables).files).toMatchObject({
    path: '/var/lib/understudy',
    maxBytes: 5,
  });
  expect(parse('files: { path: elsewhere }', variables).files.path).toBe('elsewhere');
  expect(loadFrom({ UNDERSTUDY_FILES_PATH: '' }).files.path).toBe('.data/files');
});

test('what callers may reach comes from the environment only where the file says nothing of it', () => {
  const variables = { UNDERSTUDY_OUTBOUND_ALLOW: ' 127.0.0.0/8, ::1 ,hooks.internal:80' };
  const allowed = (text: string) => parse(text, variables).outbound.allow;
  expect(allowed('autoRoutes: true')).toEqual(['127.0.0.0/8', '::1', 'hooks.internal:80']);
  expect(loadFrom(variables).outbound.allow).toHaveLength(3);
  expect(allowed('outbound: { allow: [] }')).toEqual([]);
  expect(allowed('outbound: { fetchImages: false }')).toHaveLength(3);
  expect(allowed('outbound: { allow: [10.1.2.3] }')).toEqual(['10.1.2.3']);
  expect(loadFrom({}).outbound.allow).toEqual([]);
  expect(problemsOf('{}', { UNDERSTUDY_OUTBOUND_ALLOW: '::1,nonsense/8' })).toEqual([
    expect.stringMatching(/^UNDERSTUDY_OUTBOUND_ALLOW: "nonsense\/8" is no host/),
  ]);
});

test('the public URL of the API is scheme, host and port alone', () => {
  for (const [url, kept] of [
    ['https://LLM.example.com/', 'https://llm.example.com'],
    ['http://10.0.0.1:8080', 'http://10.0.0.1:8080'],
  ]) {
    expect(parse(`server: { publicUrl: "${url}" }`).server.publicUrl).toBe(kept);
  }
  for (const url of [
    'https://llm.example.com/broker',
    'https://key@llm.example.com',
    'https://llm.example.com/?a=1',
    'ftp://llm.example.com',
    'https://',
    '',
  ]) {
    expect(problemsOf(`server: { publicUrl: "${url}" }`)).toEqual([
      `server.publicUrl: "${url}" is no such URL; expected an http or https URL of scheme, host and port alone, such as https://llm.example.com`,
    ]);
  }
});

test('a project may say where its jobs go, with or without limits', () => {
  const two = 'providers: { a: { kind: anthropic, apiKey: k }, b: { kind: anthropic, apiKey: k } }';
  const { projects, projectProviders } = parse(
    `${two}\nprojects: { eu: { providers: { only: [a] } }, acme: { jobsWaiting: 5, providers: { except: [b] } }, none: {} }`,
  );
  expect(projectProviders).toEqual({ eu: { only: ['a'] }, acme: { except: ['b'] } });
  expect(projects).toEqual({ acme: { jobs_waiting: 5 }, none: {} });
  expect(
    problemsOf(
      `${two}\nprojects: { eu: { providers: { only: [c] } }, us: { providers: { only: [] } } }`,
    ),
  ).toEqual([
    expect.stringContaining('name at least one provider'),
    'projects.eu.providers.only[0]: no provider named "c"; known are a, b',
  ]);
});

test('limits of a project are checked, and may come from the environment', () => {
  const settings = parse('projects: { acme: { jobsWaiting: "${MOST}", highestPriority: "3" } }', {
    MOST: '50',
  });
  expect(settings.projects).toEqual({ acme: { jobs_waiting: 50, highest_priority: 3 } });
  expect(
    problemsOf(
      'projects: { Acme: {}, acme: { jobsWaiting: 0, routes: [], requestPerMinute: 5, highestPriority: 10 } }',
    ),
  ).toEqual([
    expect.stringContaining('a project is named with'),
    expect.stringContaining('projects.acme.jobsWaiting'),
    expect.stringContaining('name at least one route'),
    expect.stringContaining('projects.acme.highestPriority'),
    expect.stringContaining('did you mean "requestsPerMinute"?'),
  ]);
});
