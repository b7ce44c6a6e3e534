import type { ProviderRule, Settings } from '@understudy/configuration';
import { own } from '@understudy/contracts';
import type { JobRequest } from '@understudy/contracts';
import type { Route } from './resolve-route.ts';

/** As a record holds it, where an absent member may be one that is undefined. */
type Rule = { [Member in keyof ProviderRule]: ProviderRule[Member] | undefined };

/** Of a job, who may see it is said by its route, its project and itself. */
export type Choice = Pick<JobRequest, 'project'> & { providers?: Rule | undefined };

/** Whether a rule lets the provider see a request; where there is none, everybody may. */
export function permits(rule: Rule | undefined, provider: string): boolean {
  return (rule?.only?.includes(provider) ?? true) && rule?.except?.includes(provider) !== true;
}

/** Whether route, project and job all let the provider see the job's request, as configured now. */
export function isPermitted(
  provider: string,
  route: Pick<Route, 'providers'> | undefined,
  request: Choice,
  settings: Settings,
): boolean {
  const rules = [route?.providers, projectRule(request.project, settings), request.providers];
  return rules.every((rule) => permits(rule, provider));
}

/** The rule that the operator made for a project. */
export function projectRule(
  project: string,
  { projectProviders }: Settings,
): ProviderRule | undefined {
  return own(projectProviders, project);
}
