import type { Project } from '@understudy/client';
import { Instant } from '../../components/instant.tsx';
import { Meter } from '../../components/meter.tsx';
import { limitLines, providersText } from './limit-text.ts';

interface ProjectCardsProps {
  projects: readonly Project[];
  /** The one that is looked at; undefined for all. */
  chosen: string | undefined;
}

/** The projects, with what they use of what they may. */
export function ProjectCards({ projects, chosen }: ProjectCardsProps) {
  const shown = projects.filter(({ name }) => chosen === undefined || name === chosen);
  return (
    <section class="card-grid projects" aria-label="Projects">
      {shown.map(({ name, created_at: made, limits, providers, use }) => (
        <article key={name} class="card">
          <div class="card-head">
            <h2>{name}</h2>
            <span class="small muted">
              {made === undefined ? (
                'always there'
              ) : (
                <>
                  made <Instant at={made} />
                </>
              )}
            </span>
          </div>
          <div class="project-limits">
            {limitLines(limits, use).map(({ name: what, used, limit, format }) => (
              <Meter key={what} label={what} value={used ?? 0} limit={limit} format={format} />
            ))}
            {limits?.routes !== undefined && (
              <p class="small">
                <span class="muted">Routes</span> {limits.routes.join(', ')}
              </p>
            )}
            {providers !== undefined && (
              <p class="small">
                <span class="muted">Providers</span> {providersText(providers)}
              </p>
            )}
          </div>
        </article>
      ))}
    </section>
  );
}
