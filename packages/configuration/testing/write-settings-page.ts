import { code } from './each-setting.ts';
import type { DescribedSetting } from './each-setting.ts';

const INTRODUCTION = `# Configuration: every setting

This page is written by a test from the schema that the file is checked by
(\`packages/configuration/src/settings-file.ts\`), as is
[understudy.schema.json](understudy.schema.json), which makes editors complete and check the file.

The file is \`understudy.yaml\`, or what \`--config\` or \`UNDERSTUDY_CONFIG\` names. \`\${NAME}\` is
replaced by the variable of the environment, \`\${NAME:-text}\` by the text where it is not set. A duration is a number
and a unit: \`250ms\`, \`30s\`, \`5m\`, \`1h\`, \`7d\`. Every problem of a file is listed at once, with its path;
\`understudy doctor\` lists them before anything is started.

A change of the file is taken up by what runs, within seconds; a broken one is logged, and what was valid before
holds. When a service starts, and only then, it reads \`providers\`, \`webhooks\`, \`server\`, \`cors\`, \`metrics\`,
\`files.path\`, \`files.s3\`, \`limits.bodyBytes\`, \`redis.durability\` and, for deliveries, \`outbound\`.

In the tables \`*\` stands for a name that you choose, and \`[]\` for each item of a list.`;

/** The page of all settings, a table for each section. */
export function writeSettingsPage(settings: readonly DescribedSetting[]): string {
  const sections = Map.groupBy(settings, ({ path }) => /^\w+/.exec(path)?.[0] ?? '');
  return `${[INTRODUCTION, ...[...sections.values()].map(writeSection)].join('\n\n')}\n`;
}

function writeSection(settings: readonly DescribedSetting[]): string {
  const [head, ...rest] = settings;
  if (head === undefined) return '';
  const about = [head.description ?? '', ...defaultLine(head)].join(' ');
  const title = `## \`${head.path}\`\n\n${about}`;
  if (rest.length === 0) return title;
  const rows = rest.map(({ path, takes, byDefault, description = '' }) =>
    tableLine([code(path), takes, byDefault === undefined ? '' : code(byDefault), description]),
  );
  return [`${title}\n`, tableLine(['setting', 'takes', 'by default', 'what']), RULE, ...rows].join(
    '\n',
  );
}

const RULE = '| --- | --- | --- | --- |';

function defaultLine({ byDefault }: DescribedSetting): string[] {
  return byDefault === undefined ? [] : [`By default ${code(byDefault)}.`];
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
