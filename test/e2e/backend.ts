/** The real backend, in this process, on free ports; pages on localhost, media on every address of the machine. */
import { loadConfig } from '../../backend/config.ts';
import { createLog } from '../../backend/log.ts';
import { createServer, type Server } from '../../backend/server.ts';

export interface Backend {
  /** Origin of the demo pages: a secure context, so that browsers give a camera. */
  readonly url: string;
  readonly server: Server;
  close(): Promise<void>;
}

/** `settings` as on the command line, without the dashes. Records only where `records_dir` is given. The log is silent unless LOG_LEVEL is set. */
export async function startBackend(settings: Record<string, string | number> = {}): Promise<Backend> {
  const quiet = {
    record_streams: 'records_dir' in settings ? 'true' : 'false',
    log_level: process.env.LOG_LEVEL ?? 'silent',
  };
  const wanted = { host: '127.0.0.1', port: 0, rtc_port: 0, ...quiet, ...settings };
  const config = loadConfig({ argv: Object.entries(wanted).map(([key, value]) => `--${key}=${value}`), env: {} });
  const server = await createServer(config, createLog({ level: config.log_level }));
  return { url: `http://localhost:${server.port}`, server, close: () => server.close() };
}
