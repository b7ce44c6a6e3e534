import { itemAddress } from '../../api/item-address.ts';
import { Tabs } from '../../components/tabs.tsx';

const LOG = '/console/deliveries';
const ENDPOINTS = '/console/deliveries/endpoints';

interface DeliveryTabsProps {
  chosen: 'log' | 'endpoints';
  /** As the address names it. */
  project: string | undefined;
}

export function DeliveryTabs({ chosen, project }: DeliveryTabsProps) {
  return (
    <Tabs
      label="Deliveries"
      tabs={[
        { title: 'Log', href: itemAddress(LOG, project) },
        { title: 'Endpoints', href: itemAddress(ENDPOINTS, project) },
      ]}
      chosen={itemAddress(chosen === 'log' ? LOG : ENDPOINTS, project)}
    />
  );
}
