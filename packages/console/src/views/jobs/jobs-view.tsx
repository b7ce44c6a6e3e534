import { useLocation } from 'preact-iso/router';
import { useState } from 'preact/hooks';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { Icon } from '../../components/icon.tsx';
import { LiveMark } from '../../components/live-mark.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { jobPath } from '../../job-story/job-path.ts';
import { seesAllProjects } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';
import { BulkActions } from './bulk-actions.tsx';
import { FilterChips } from './filter-chips.tsx';
import { FilterPanel } from './filter-panel.tsx';
import { filterPath, isNarrowed, readFilter } from './job-filter.ts';
import type { JobFilter } from './job-filter.ts';
import { JobTable } from './job-table.tsx';
import { useJobFacets } from './use-job-facets.ts';
import { useJobList } from './use-job-list.ts';
import { useRowKeys } from './use-row-keys.ts';
import './jobs.css';

export function JobsView() {
  const { url, route } = useLocation();
  const { search } = new URL(url, location.origin);
  const filter = readFilter(search);
  const show = (next: JobFilter): void => route(filterPath(next));
  return <Jobs filter={filter} onFilter={show} />;
}

interface JobsProps {
  filter: JobFilter;
  onFilter(filter: JobFilter): void;
}

function Jobs({ filter, onFilter }: JobsProps) {
  const all = seesAllProjects(useWho());
  const { route } = useLocation();
  const [isPanelOpen, setIsPanelOpen] = useState(false);
  const list = useJobList(filter);
  const facets = useJobFacets(filter, list.changes);
  const pathOf = (job: { id: string; project?: string }): string =>
    jobPath(job.id, all ? job.project : undefined);
  const selected = useRowKeys(list.rows, (job) => route(pathOf(job)));
  return (
    <Page
      title="Jobs"
      about={
        <>
          <LiveMark state={list.stream} />
          {facets !== undefined && (
            <span>
              {facets.exact ? '' : 'about '}
              {facets.total.count.toLocaleString('en')} {isNarrowed(filter) ? 'match' : 'in all'}
            </span>
          )}
          <span class="small wide-only keyboard-hint">
            <kbd>j</kbd> <kbd>k</kbd> move · <kbd>↵</kbd> open · <kbd>/</kbd> filter
          </span>
        </>
      }
      actions={
        <>
          <button
            type="button"
            class="button panel-button"
            aria-expanded={isPanelOpen}
            aria-controls="filters"
            onClick={() => setIsPanelOpen(!isPanelOpen)}
          >
            <Icon name="filter" /> Filter
          </button>
          <BulkActions filter={filter} onDone={list.toNewest} />
        </>
      }
    >
      <div class="jobs-layout">
        <FilterPanel
          filter={filter}
          facets={facets}
          isOpen={isPanelOpen}
          onFilter={onFilter}
          onJob={(id) => route(jobPath(id))}
        />
        <div class="stack">
          <FilterChips filter={filter} onFilter={onFilter} />
          {list.error !== undefined && <ErrorNote error={list.error} onRetry={list.toNewest} />}
          {list.newerCount > 0 && (
            <button type="button" class="button new-rows" onClick={list.toNewest}>
              {list.newerCount} new
            </button>
          )}
          {list.isBusy && !list.isLoaded && list.rows.length === 0 && <Loading />}
          {list.rows.length > 0 && (
            <JobTable
              rows={list.rows}
              selected={selected}
              pathOf={pathOf}
              isProjectShown={all}
              isBusy={list.isBusy}
            />
          )}
          {list.isLoaded && list.rows.length === 0 && (
            <NoJobs filter={filter} hasMore={list.hasMore} />
          )}
          <Pager
            page={list.page}
            hasMore={list.hasMore}
            onFirst={list.toNewest}
            onBack={list.back}
            onNext={list.next}
          />
        </div>
      </div>
    </Page>
  );
}

/** @param hasMore jobs that were not looked at yet may match */
function NoJobs({ filter, hasMore }: { filter: JobFilter; hasMore: boolean }) {
  if (hasMore) {
    return (
      <EmptyState title="None found so far">
        <p>Many jobs were looked at, and none matches. Next looks at older ones.</p>
      </EmptyState>
    );
  }
  if (isNarrowed(filter)) {
    return (
      <EmptyState title="No job matches">
        <p>
          Take a condition away, or see <a href="/console/jobs">all jobs</a>.
        </p>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No jobs yet"
      command={`export UNDERSTUDY_URL=${location.origin} UNDERSTUDY_API_KEY=…
npx understudy submit --model sandbox-chat 'Say hello.' --wait`}
    >
      <p>
        Every accepted request stands here, with the full story of how it was answered. Submit one
        in the <a href="/console/playground">playground</a>, or from a terminal:
      </p>
    </EmptyState>
  );
}
