import lazy from 'preact-iso/lazy';
import type { View } from './view.ts';

/** All views, those with a `nav` in its order. */
export const VIEWS: readonly View[] = [
  {
    path: '/console',
    nav: { title: 'Overview', icon: 'overview' },
    component: lazy(() => import('./overview/overview-view.tsx').then((file) => file.OverviewView)),
  },
  {
    path: '/console/jobs',
    nav: { title: 'Jobs', icon: 'jobs' },
    component: lazy(() => import('./jobs/jobs-view.tsx').then((file) => file.JobsView)),
  },
  {
    path: '/console/jobs/:id',
    component: lazy(() => import('./job/job-view.tsx').then((file) => file.JobView)),
  },
  {
    path: '/console/providers',
    nav: { title: 'Providers', icon: 'providers' },
    component: lazy(() =>
      import('./providers/providers-view.tsx').then((file) => file.ProvidersView),
    ),
  },
  {
    path: '/console/routes',
    nav: { title: 'Routes', icon: 'routes' },
    component: lazy(() => import('./routes/routes-view.tsx').then((file) => file.RoutesView)),
  },
  {
    path: '/console/batches',
    nav: { title: 'Batches', icon: 'batches' },
    component: lazy(() => import('./batches/batches-view.tsx').then((file) => file.BatchesView)),
  },
  {
    path: '/console/batches/:id',
    component: lazy(() => import('./batches/batch-view.tsx').then((file) => file.BatchView)),
  },
  {
    path: '/console/deliveries',
    nav: { title: 'Deliveries', icon: 'deliveries' },
    component: lazy(() =>
      import('./deliveries/deliveries-view.tsx').then((file) => file.DeliveriesView),
    ),
  },
  {
    path: '/console/deliveries/endpoints',
    component: lazy(() =>
      import('./deliveries/endpoints-view.tsx').then((file) => file.EndpointsView),
    ),
  },
  {
    path: '/console/deliveries/:id',
    component: lazy(() =>
      import('./deliveries/delivery-view.tsx').then((file) => file.DeliveryView),
    ),
  },
  {
    path: '/console/keys',
    nav: { title: 'Keys', icon: 'keys', isForOperator: true },
    component: lazy(() => import('./keys/keys-view.tsx').then((file) => file.KeysView)),
  },
  {
    path: '/console/playground',
    nav: { title: 'Playground', icon: 'playground' },
    component: lazy(() =>
      import('./playground/playground-view.tsx').then((file) => file.PlaygroundView),
    ),
  },
];
