#!/usr/bin/env -S node --max-semi-space-size=8
// Node's own bound of what is new to its memory would keep twice as much of it for each person. Megabytes.
import { exampleFile, helpText } from './config-help.ts';
import { ConfigError, loadConfig, type Config } from './config.ts';
import { serviceVariables } from './config-sources.ts';
import { createLog } from './log.ts';
import { createServer, type Server } from './server.ts';

const EXIT_FAILED = 1;
const EXIT_BAD_SETTINGS = 2;

/** Milliseconds within which a second signal is an echo: the terminal and npm both pass Ctrl-C on. */
const SIGNAL_ECHO = 500;
/** Milliseconds that a graceful end may take before the process exits anyhow. */
const SHUTDOWN_TIMEOUT = 5_000;

/** What it does instead of running the backend, by the first argument; each answers the exit code. */
const COMMANDS: Readonly<Record<string, () => Promise<(argv: readonly string[]) => Promise<number>>>> = {
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  token: async () => (await import('./commands/token.ts')).token,
};

const argv = process.argv.slice(2);
const command = COMMANDS[argv[0] ?? ''];
if (command) process.exitCode = await (await command())(argv.slice(1));
else if (argv.includes('--help')) console.log(helpText());
else if (argv.includes('--example')) process.stdout.write(exampleFile());
else await run(readConfig());

function readConfig(): Config {
  try {
    return loadConfig({ argv });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(EXIT_BAD_SETTINGS);
  }
}

async function run(config: Config): Promise<void> {
  const log = createLog({ level: config.log_level });
  const ignored = serviceVariables();
  if (ignored.length > 0) log.info({ ignored }, 'environment variables of a Kubernetes service are no settings');
  let starting: Promise<Server> | undefined;
  let state: 'running' | 'draining' | 'closing' = 'running';
  let lastSignal = -Infinity;
  const draining = new AbortController();

  const stop = async (signal: NodeJS.Signals) => {
    if (performance.now() - lastSignal < SIGNAL_ECHO) return;
    lastSignal = performance.now();
    if (state === 'closing') process.exit(EXIT_FAILED);
    // Whoever presses Ctrl-C waits for it.
    if (state === 'draining' || signal === 'SIGINT' || config.drain_timeout === 0) await close(signal);
    else await drain(signal);
  };
  /** Lets rooms end by themselves, until the time is up or another signal comes. */
  const drain = async (signal: NodeJS.Signals) => {
    state = 'draining';
    log.info({ signal, drainTimeout: config.drain_timeout }, 'draining: no new rooms are taken');
    const timeout = AbortSignal.timeout(config.drain_timeout);
    await starting?.then((server) => server.drain(AbortSignal.any([timeout, draining.signal])));
    if (!draining.signal.aborted) await close(signal);
  };
  const close = async (signal: NodeJS.Signals) => {
    state = 'closing';
    draining.abort();
    log.info({ signal }, 'shutting down');
    setTimeout(() => {
      log.error('shutting down took too long');
      process.exit(EXIT_FAILED);
    }, SHUTDOWN_TIMEOUT).unref();
    await starting?.then((server) => server.close());
    log.info('shut down');
    process.exit(0);
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));

  try {
    starting = createServer(config, log);
    await starting;
  } catch (err) {
    log.fatal({ err }, 'the backend cannot start');
    process.exitCode = EXIT_FAILED;
  }
}
