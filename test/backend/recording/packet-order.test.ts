import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PacketOrder } from '../../../backend/recording/capture/packet-order.ts';
import type { RtpPacket } from '../../../backend/recording/capture/rtp.ts';

/** What comes out of packets given as `[sequence, arrival in milliseconds]`; `!` marks those after a loss. */
function ordered(packets: [number, number][], { flush = false } = {}): string {
  const out: string[] = [];
  const order = new PacketOrder(({ sequence }, lost) => out.push(`${lost ? '!' : ''}${sequence}`));
  const rest: Omit<RtpPacket, 'sequence' | 'arrivedAt'> = {
    payloadType: 96,
    marker: false,
    timestamp: 0,
    payload: Buffer.alloc(1),
  };
  for (const [sequence, arrivedAt] of packets) order.push({ ...rest, sequence, arrivedAt });
  if (flush) order.flush();
  return out.join(' ');
}

describe('Packets', () => {
  it('come out in order, once, also where the numbers wrap', () => {
    assert.equal(
      ordered([
        [65534, 0],
        [0, 1],
        [65535, 2],
        [65535, 3],
        [1, 4],
        [0, 5],
      ]),
      '65534 65535 0 1',
    );
  });

  it('that are missing are waited for half a second, then given up', () => {
    assert.equal(
      ordered([
        [1, 0],
        [3, 10],
        [4, 400],
      ]),
      '1',
    );
    assert.equal(
      ordered([
        [1, 0],
        [3, 10],
        [4, 400],
        [2, 450],
        [5, 460],
      ]),
      '1 2 3 4 5',
    );
    assert.equal(
      ordered([
        [1, 0],
        [3, 10],
        [4, 400],
        [6, 520],
        [2, 530],
      ]),
      '1 !3 4',
    );
    assert.equal(
      ordered(
        [
          [1, 0],
          [3, 10],
          [6, 20],
        ],
        { flush: true },
      ),
      '1 !3 !6',
    );
  });

  it('of a sender that has begun anew are taken, a single stray one is not', () => {
    assert.equal(
      ordered([
        [1, 0],
        [30000, 1],
        [2, 2],
      ]),
      '1 2',
    );
    assert.equal(
      ordered([
        [1, 0],
        [30000, 1],
        [30001, 2],
        [30002, 3],
      ]),
      '1 !30001 30002',
    );
  });

  it('are held in bounded number', () => {
    const many = Array.from({ length: 2000 }, (_, i): [number, number] => [i + 3, 1]);
    assert.equal(ordered([[1, 0], ...many]).split(' ').length, 2001);
  });
});
