import type { CommandParent } from '../command-line.ts';
import type { Finding } from '../doctor/finding.ts';
import { EXIT } from '../exit-code.ts';
import type { Style } from '../output/output.ts';
import { safeText } from '../output/safe-text.ts';

export function addDoctor(parent: CommandParent): void {
  parent
    .command('doctor')
    .description(
      'Checks the broker, its Redis, the configuration, credentials, names and providers',
    )
    .addHelpText(
      'after',
      '\nLooks at the Redis of REDIS_URL, where it is set, and at the configuration of UNDERSTUDY_CONFIG or,\nas npm start does, the understudy.yaml of the checkout.',
    )
    .action(async () => {
      const session = parent.installation();
      // What it needs of Redis and of services would slow every other command down.
      const { examine } = await import('../doctor/examine.ts');
      const findings = await examine(session);
      session.output.show(findings, renderFindings);
      if (findings.some(({ state }) => state === 'fail')) parent.exitWith(EXIT.failed);
    });
}

function renderFindings(findings: readonly Finding[], { colours }: Style): string {
  const marks = { ok: colours.good('ok  '), warn: colours.warn('warn'), fail: colours.bad('FAIL') };
  return findings
    .map(({ state, about, message }) => `${marks[state]}  ${about}: ${safeText(message)}\n`)
    .join('');
}
