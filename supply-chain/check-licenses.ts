import { isAllowedLicense } from './allowed-licenses.ts';
import { readComponents } from './read-components.ts';

/** Names every package of production whose licence is not on the list, and ends with 1 if any is. */
const components = readComponents();
const refused = components.filter(({ license }) => !isAllowedLicense(license));
for (const { name, version, license } of refused) {
  process.stderr.write(`${name}@${version}: ${license === '' ? 'states no licence' : license}\n`);
}
if (refused.length > 0) {
  process.stderr.write(
    'Do without them, or have somebody who may decide it extend supply-chain/allowed-licenses.ts.\n',
  );
  process.exitCode = 1;
} else {
  process.stdout.write(`${components.length} packages, each under an allowed licence\n`);
}
