import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, readComponents } from './read-components.ts';
import { renderLicenseList } from './render-license-list.ts';

writeFileSync(join(ROOT, 'THIRD-PARTY.md'), renderLicenseList(readComponents()));
