import { canonicalName, MODEL_ALIASES } from '../packages/models/src/index.ts';
import type { KnownNames, NameTable } from './name-tables.ts';

/** Everything about the tables that cannot be right, one sentence each. Pure. */
export function tableProblems(known: KnownNames): string[] {
  return [
    ...known.tables.flatMap(strangersIn),
    ...known.tables.flatMap(sharedIds),
    ...known.tables.flatMap(misleadingIds),
    ...disagreements(known.tables),
    ...known.accepted.flatMap(({ source, names }) =>
      names
        .filter((name) => canonicalName(name) === undefined)
        .map((name) => `${source}: ${quoted(name)} is accepted, but is an alias of no model`),
    ),
    ...known.retired.flatMap(retirementProblems),
    ...aliasProblems(),
  ];
}

function strangersIn({ source, models }: NameTable): string[] {
  return Object.keys(models)
    .filter((name) => canonicalName(name) !== name)
    .map((name) => {
      const meant = canonicalName(name);
      return `${source}: ${quoted(name)} is no model of the catalog${
        meant === undefined ? '' : `, which calls it ${quoted(meant)}`
      }`;
    });
}

function sharedIds({ source, models }: NameTable): string[] {
  return [...groupedById([{ models, source }])]
    .filter(([, uses]) => uses.length > 1)
    .map(([id, uses]) => {
      const names = uses.map(({ canonical }) => quoted(canonical)).join(' and ');
      return `${source}: ${quoted(id)} stands for ${names}`;
    });
}

/** Ids that are themselves a known name, but of another model. */
function misleadingIds({ source, models }: NameTable): string[] {
  return Object.entries(models).flatMap(([canonical, id]) => {
    const meant = canonicalName(id);
    return meant === undefined || meant === canonical
      ? []
      : [`${source}: ${quoted(canonical)} is sent as ${quoted(id)}, a name of ${quoted(meant)}`];
  });
}

/** Ids that two tables take for different models. */
function disagreements(tables: readonly NameTable[]): string[] {
  return [...groupedById(tables)].flatMap(([id, uses]) => {
    const [first, ...others] = uses;
    return others
      .filter((use) => use.source !== first?.source && use.canonical !== first?.canonical)
      .map(
        (use) =>
          `${quoted(id)} is ${quoted(first?.canonical ?? '')} in ${first?.source ?? ''}, but ${quoted(use.canonical)} in ${use.source}`,
      );
  });
}

interface IdUse {
  canonical: string;
  source: string;
}

function groupedById(tables: readonly Omit<NameTable, 'provider'>[]): Map<string, IdUse[]> {
  const uses = tables.flatMap(({ models, source }) =>
    Object.entries(models).map(([canonical, id]) => ({ canonical, id, source })),
  );
  return Map.groupBy(uses, ({ id }) => id);
}

function retirementProblems({ source, dates }: KnownNames['retired'][number]): string[] {
  return Object.entries(dates).flatMap(([name, date]) => [
    ...(canonicalName(name) === name ? [] : [`${source}: ${quoted(name)} is no model`]),
    ...(isCalendarDate(date) ? [] : [`${source}: ${quoted(name)} is retired on ${quoted(date)}`]),
  ]);
}

function isCalendarDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(`${text}T`);
}

function aliasProblems(): string[] {
  return Object.entries(MODEL_ALIASES)
    .filter(([alias, name]) => canonicalName(name) !== name || canonicalName(alias) !== name)
    .map(([alias, name]) => `aliases.ts: ${quoted(alias)} does not lead to ${quoted(name)}`);
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
