import { ConfigError, loadConfig, type Config } from '../config.ts';
import { examine } from '../doctor/doctor.ts';
import { toText } from '../doctor/finding.ts';

const EXIT_BAD_SETTINGS = 2;

const USAGE = `Usage: wcs-backend doctor [--json] [--SETTING VALUE]...

Looks at everything that a backend with these settings needs, and says in plain words what somebody outside could reach
and what to do. Run it as the user that the backend runs as. The exit code is 1 when something must be put right.

  --json  the findings as JSON: [{topic, level: good, warning or bad, text, advice}]`;

/** `wcs-backend doctor`. Answers the exit code. */
export async function doctor(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  let config: Config;
  try {
    config = loadConfig({ argv: argv.filter((argument) => argument !== '--json') });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    return EXIT_BAD_SETTINGS;
  }
  const findings = await examine(config);
  console.log(argv.includes('--json') ? JSON.stringify(findings, null, 2) : toText(findings));
  return findings.some(({ level }) => level === 'bad') ? 1 : 0;
}
