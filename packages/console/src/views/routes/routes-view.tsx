import { useLocation } from 'preact-iso/router';
import { useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { Page } from '../../components/page.tsx';
import { useApi } from '../../session/use-api.ts';
import { RouteList } from './route-list.tsx';
import { readRouteQuestion, routeAddress } from './route-query.ts';
import type { RouteQuestion } from './route-query.ts';
import { RouteForecast } from './route-forecast.tsx';
import './routes.css';

/** Where a job for a model would go now, and where it would go if some providers were down. */
export function RoutesView() {
  const api = useApi();
  const { query, route: go } = useLocation();
  const [search, setSearch] = useState('');
  const listed = useAnswer('routes', (signal) => ask(api.GET('/v1/routes', { signal })));
  const question = readRouteQuestion(query);
  const routes = listed.data?.data;
  const change = (next: RouteQuestion): void => go(routeAddress(next), true);
  return (
    <Page
      title="Routes"
      about="Which providers a job for a model would visit, in order, and under which names."
    >
      {listed.error !== undefined && <ErrorNote error={listed.error} onRetry={listed.reload} />}
      {routes?.length === 0 && (
        <EmptyState title="There is no route" command="understudy explain <model>">
          <p>
            Every model that a configured provider knows has a route by itself; name others under
            routes.
          </p>
        </EmptyState>
      )}
      {routes !== undefined && routes.length > 0 && (
        <div class={question.model === undefined ? 'routes' : 'routes chosen'}>
          <RouteList
            routes={routes}
            search={search}
            onSearch={setSearch}
            chosen={question.model}
            addressOf={(model) => routeAddress({ ...question, model })}
          />
          {question.model === undefined ? (
            <EmptyState title="Choose a model">
              <p>
                Then its targets are shown as a job would meet them now, and what would happen if
                providers of your choice were down.
              </p>
            </EmptyState>
          ) : (
            <RouteForecast
              key={question.model}
              question={{ ...question, model: question.model }}
              onChange={change}
            />
          )}
        </div>
      )}
    </Page>
  );
}
