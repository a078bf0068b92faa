import type { Config } from '../config.ts';
import type { Finding } from './finding.ts';
import { checkAccess, checkRecording, checkTls, checkWorker } from './machine.ts';
import { checkAddresses, checkPorts, checkTurn } from './network.ts';

/**
 * Looks at everything that a backend with these settings needs: on this machine, and as far as that can be seen from here
 * of what somebody outside could reach. Changes nothing but to make `records_dir`.
 */
export async function examine(config: Config): Promise<Finding[]> {
  const checks = [checkWorker, checkPorts, checkAddresses, checkTurn, checkTls, checkRecording, checkAccess];
  return (await Promise.all(checks.map(async (check) => await check(config)))).flat();
}
