import { seesAllProjects } from './scopes.ts';
import { useWho } from './session.ts';
import { useViewedProject } from './use-viewed-project.ts';

/** Says whose things are shown to somebody who otherwise sees those of all projects. */
export function ProjectNote({ what }: { what: string }) {
  const who = useWho();
  const { project } = useViewedProject();
  if (!seesAllProjects(who)) return null;
  return (
    <p class="note">
      <span>
        These are the {what} of <strong>{project}</strong>. Choose another project in the menu to
        see its own.
      </span>
    </p>
  );
}
