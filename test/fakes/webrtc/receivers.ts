/**
 * A process in which people receive: their ends of transports, whose packets nobody looks at. While it is stopped (SIGSTOP)
 * the system throws them away, and receiving takes no time.
 */
import type { TransportOptions } from '../../../protocol/rtp.ts';
import { FakeTransport, OWN_DTLS } from './transport.ts';

process.on('message', (options: TransportOptions) => {
  FakeTransport.connect(options).then(
    () => process.send!({ id: options.id }),
    (error: unknown) => process.send!({ id: options.id, error: String(error) }),
  );
});
process.once('disconnect', () => process.exit());
// What the backend is to be told of them.
process.send!(OWN_DTLS);
