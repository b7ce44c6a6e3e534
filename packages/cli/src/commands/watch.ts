import type { CommandParent } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { renderEvent } from '../output/render-event.ts';
import { ALL_PROJECTS, type Session } from '../session.ts';
import { readStreamTypes, STREAM_TYPES } from './arguments.ts';

export function addWatch(parent: CommandParent): void {
  parent
    .command('watch')
    .description('Shows live what becomes of a job, or of all jobs and batches of the project')
    .argument('[id]', 'of one job; the command ends with it')
    .option('--types <list>', `only these events: ${STREAM_TYPES.join(', ')}`, readStreamTypes)
    .addHelpText(
      'after',
      '\nExamples:\n  understudy watch\n  understudy watch --types job.failed --json | jq .data.id',
    )
    .action(async (id, { types }) => {
      const session = parent.session();
      const { output } = session;
      if (id === undefined) output.remark(`Watching ${watchedText(session)}; Ctrl-C ends it.`);
      const which = id === undefined ? { types: types ?? STREAM_TYPES } : { id };
      // The broker tells all of one job, whose end ends the command whether it is shown or not.
      const isShown = (type: string): boolean =>
        id === undefined || types === undefined || types.some((asked) => asked === type);
      let last = '';
      for await (const event of session.patientClient().events(which)) {
        last = event.type;
        if (!isShown(event.type)) continue;
        output.showOne(output.json ? event.data : event, (_value, style) =>
          renderEvent(event, style),
        );
      }
      if (id === undefined) return;
      // A stream of a job that had ended before has nothing left to tell.
      const status =
        last === '' ? (await session.client().get(id)).status : last.slice('job.'.length);
      if (status !== 'completed') parent.exitWith(EXIT.failed);
    });
}

function watchedText({ project }: Session): string {
  if (project === undefined) return 'the project';
  return project === ALL_PROJECTS ? 'all projects' : `the project ${project}`;
}
