import type { ListWords } from '../output/list-words.ts';
import type { Style } from '../output/output.ts';
import { ALL_PROJECTS, type Session } from '../session.ts';
import { whereLooked } from '../where-looked.ts';

/** To an operator who looked in one project, at what can be seen of all. */
export const FURTHER = " (--project '*' looks in all)";

/** Shows what can be listed of all projects; where there is nothing, which of them was looked at. */
export async function showList<Item>(
  session: Session,
  items: readonly Item[],
  what: string,
  render: (items: readonly Item[], style: Style, words: ListWords) => string,
): Promise<void> {
  const { output, project } = session;
  const words = {
    none: items.length > 0 || output.json ? '' : await noneFits(session, what),
    ofAllProjects: project === ALL_PROJECTS,
  };
  output.show(items, (shown, style) => render(shown, style, words));
}

async function noneFits(session: Session, what: string): Promise<string> {
  const { of, mayLookFurther } = await whereLooked(session);
  return `No ${what}${of} fits.${mayLookFurther ? FURTHER : ''}`;
}
