/** The process that mixes one recording: `mix-worker TIMELINE CONFIG`, started with a channel to its parent. */
import { mix } from './mixer.ts';
import { readMixerConfig } from './config.ts';
import { readTimeline } from '../timeline.ts';

/** Progress from 0 to 1; or the end: the mixed file, or why there is none. */
export interface MixMessage {
  progress?: number;
  file?: string;
  problem?: string;
}

const tell = (message: MixMessage) => process.connected && process.send?.(message);

// Told to stop, or without its parent, nobody wants the result: after a restart it is mixed anew. What the mixer has
// started is ended first, so that nothing writes any more when this process is gone.
const over = new AbortController();
process.once('disconnect', () => over.abort());
process.once('SIGTERM', () => over.abort());

const [file = '', configFile = ''] = process.argv.slice(2);
try {
  const { mixer } = await readTimeline(file);
  const config = await readMixerConfig(configFile, mixer);
  const result = await mix({ file, config, signal: over.signal, onProgress: (progress) => tell({ progress }) });
  tell({ file: result.file });
} catch (error) {
  tell({ problem: error instanceof Error ? error.message : String(error) });
}
if (process.connected) process.disconnect();
