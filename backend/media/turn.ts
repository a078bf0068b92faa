import { createHmac } from 'node:crypto';
import type { IceServer } from '../../protocol/rtp.ts';

export interface TurnOptions {
  /** TURN servers (RFC 7065): `turn:host:3478?transport=udp`, `turns:host:443?transport=tcp`; none: no TURN. */
  urls: readonly string[];
  /** The secret shared with them: coturn's `static-auth-secret`. */
  secret: string;
  /** Milliseconds for which credentials are accepted. */
  lifetime: number;
}

/**
 * The TURN servers as one browser may use them: with credentials that expire, which the server checks by the shared
 * secret alone (draft-uberti-behave-turn-rest-00, coturn's `use-auth-secret`).
 *
 * @param user - names the browser in the logs of the TURN server. Only ASCII: coturn refuses names with other letters.
 * @param now - milliseconds since the Unix epoch.
 */
export function iceServers({ urls, secret, lifetime }: TurnOptions, user: string, now = Date.now()): IceServer[] {
  if (urls.length === 0) return [];
  const username = `${Math.floor((now + lifetime) / 1000)}:${user}`;
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  return [{ urls: [...urls], username, credential }];
}
