import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkMixerConfig } from '../../../backend/recording/mixing/config.ts';
import { cutPieces } from '../../../backend/recording/mixing/picture.ts';
import { type MixPlan, planMix, timelineOfTracks } from '../../../backend/recording/mixing/plan.ts';
import type { Run, Track } from '../../../backend/recording/mixing/tracks.ts';
import type { Timeline, TimelineStream } from '../../../backend/recording/timeline.ts';

interface Someone {
  name: string;
  kind?: 'camera' | 'screen';
  from: number;
  to: number | null;
  video?: [number, number][];
  audio?: [number, number][];
  muted?: TimelineStream['muted'];
}

const runs = (pairs: [number, number][]): Run[] => pairs.map(([fromMs, toMs]) => ({ fromMs, toMs }));

/** A timeline and the tracks to it; without packets given, they come all the time. */
function recorded(people: Someone[], speakers: Timeline['speakers'] = []): { timeline: Timeline; tracks: Track[] } {
  const tracks: Track[] = [];
  const streams = people.map(({ name, kind = 'camera', from, to, video, audio, muted = [] }) => {
    const always: [number, number][] = [[from, to ?? 10_000]];
    for (const [which, packets] of [
      ['video', video ?? always],
      ['audio', audio ?? always],
    ] as const) {
      tracks.push({
        index: tracks.length,
        kind: which,
        codec: 'x',
        streamName: `r-${name}`,
        runs: runs(packets),
        keyframes: [],
      });
    }
    return { name: `r-${name}`, login: name, kind, mediaSessionId: '', startMs: from, endMs: to, muted };
  });
  const timeline = { ...timelineOfTracks([]), streams, speakers };
  return { timeline, tracks };
}

const plan = (people: Someone[], settings: object = {}, speakers?: Timeline['speakers']): MixPlan =>
  planMix({ ...recorded(people, speakers), config: checkMixerConfig(settings) });

/** Spans as `from-to: Alice Bob*`, in frames; a star where there is no picture. */
const told = ({ spans }: MixPlan): string[] =>
  spans.map(({ from, to, tiles }) =>
    `${from}-${to}: ${tiles.map(({ caption, track }) => caption + (track ? '' : '*')).join(' ')}`.trim(),
  );

describe('the plan of a mix', () => {
  it('changes the picture when people come and go', () => {
    const people = [
      { name: 'Alice', from: 0, to: 8000 },
      { name: 'Bob', from: 2000, to: 6000 },
    ];
    assert.deepEqual(told(plan(people)), ['0-50: Alice', '50-150: Alice Bob', '150-200: Alice']);
  });

  it('counts from the beginning of the recording to its end, without a gap', () => {
    const { spans, frames, durationMs } = plan([
      { name: 'Alice', from: 1000, to: 2000 },
      { name: 'Bob', from: 4000, to: 5010 },
    ]);
    assert.deepEqual([durationMs, frames], [5010, 125]);
    const edges = spans.map(({ from, to }) => [from, to]);
    assert.deepEqual(edges, [
      [0, 25],
      [25, 50],
      [50, 100],
      [100, 125],
    ]);
  });

  it('shows the name alone while a camera is off, until the first picture comes back', () => {
    const muted = [{ kind: 'video' as const, fromMs: 3000, toMs: 5000 }];
    const people = [
      {
        name: 'Alice',
        from: 0,
        to: 8000,
        video: [
          [0, 3100],
          [5400, 8000],
        ] as [number, number][],
        muted,
      },
    ];
    assert.deepEqual(told(plan(people)), ['0-75: Alice', '75-135: Alice*', '135-200: Alice']);
  });

  it('waits for the first picture before it makes room for somebody', () => {
    const people = [
      { name: 'Alice', from: 0, to: 8000 },
      { name: 'Bob', from: 2000, to: 8000, video: [[2400, 8000]] as [number, number][] },
    ];
    assert.deepEqual(told(plan(people)), ['0-60: Alice', '60-200: Alice Bob']);
  });

  it('shows somebody whose picture never comes by name', () => {
    const people = [
      { name: 'Alice', from: 0, to: 4000 },
      { name: 'Bob', from: 0, to: 4000, video: [] },
    ];
    assert.deepEqual(told(plan(people)), ['0-100: Alice Bob*']);
  });

  it('keeps the last picture of a camera for five seconds when packets stay away, of a screen for as long as it is shared', () => {
    const video: [number, number][] = [[0, 1000]];
    assert.deepEqual(told(plan([{ name: 'Alice', from: 0, to: 8000, video }])), ['0-150: Alice', '150-200: Alice*']);
    assert.deepEqual(told(plan([{ name: 'Alice', kind: 'screen', from: 0, to: 8000, video }])), ['0-200: Alice']);
  });

  it('makes a screen large by itself, whatever the layout, for as long as it is shared', () => {
    const people: Someone[] = [
      { name: 'Alice', from: 0, to: 8000 },
      { name: 'Bob', from: 0, to: 8000 },
      { name: 'screen', kind: 'screen', from: 2000, to: 4000 },
    ];
    for (const mixerLayoutClass of ['GridLayout', 'CropNoPaddingGridLayout', 'SpeakerLayout']) {
      const mix = plan(people, { mixerLayoutClass });
      assert.deepEqual(told(mix), ['0-50: Alice Bob', '50-100: screen Alice Bob', '100-200: Alice Bob']);
      const [screen, camera] = mix.spans[1]?.tiles ?? [];
      assert.ok(screen && camera && screen.rect.width > 3 * camera.rect.width);
      assert.equal(screen.fit, 'contain');
    }
  });

  it('makes large who speaks, not who coughs, and stays with the last when all are silent', () => {
    const people = [
      { name: 'Alice', from: 0, to: 20_000 },
      { name: 'Bob', from: 0, to: 20_000 },
    ];
    const speakers = [
      { atMs: 4000, login: 'Bob' },
      { atMs: 8000, login: 'Alice' },
      { atMs: 8400, login: 'Bob' },
      { atMs: 12_000, login: null },
      { atMs: 16_000, login: 'Alice' },
    ];
    const spans = told(plan(people, { mixerLayoutClass: 'SpeakerLayout' }, speakers));
    assert.deepEqual(spans, ['0-100: Alice Bob', '100-400: Bob Alice', '400-500: Alice Bob']);
    assert.equal(plan(people, {}, speakers).spans.length, 1);
  });

  it('names people by their login, or streams where that is set', () => {
    const people = [{ name: 'Алёна', from: 0, to: 1000 }];
    assert.equal(plan(people).spans[0]?.tiles[0]?.caption, 'Алёна');
    assert.equal(plan(people, { mixerDisplayStreamName: 'true' }).spans[0]?.tiles[0]?.caption, 'r-Алёна');
  });

  it('has no picture when nobody sent one or none is wanted, and no voices likewise', () => {
    const people = [{ name: 'Alice', from: 0, to: 1000 }];
    assert.equal(plan(people, { hasVideo: false }).spans.length, 0);
    assert.equal(plan(people, { hasAudio: false }).voices.length, 0);
    assert.equal(plan([{ name: 'Alice', from: 0, to: 1000, video: [] }]).spans.length, 0);
    assert.equal(plan([{ name: 'Alice', from: 0, to: 1000, audio: [] }]).voices.length, 0);
    const nothing = plan([]);
    assert.deepEqual([nothing.frames, nothing.spans.length, nothing.voices.length], [0, 0, 0]);
  });

  it('ends a stream whose end was never told with its last packet', () => {
    assert.equal(plan([{ name: 'Alice', from: 0, to: null, video: [[0, 4000]], audio: [[0, 4200]] }]).durationMs, 4200);
  });

  it('takes up streams that the timeline does not know, and does without a timeline', () => {
    const { timeline, tracks } = recorded([
      { name: 'Alice', from: 0, to: 4000 },
      { name: 'Bob-screenShare', from: 2000, to: 4000 },
    ]);
    const config = checkMixerConfig({});
    const half = { ...timeline, streams: timeline.streams.slice(0, 1) };
    assert.deepEqual(told(planMix({ timeline: half, tracks, config })), [
      '0-50: Alice',
      '50-100: r-Bob-screenShare Alice',
    ]);
    assert.deepEqual(told(planMix({ timeline: timelineOfTracks(tracks), tracks, config })), [
      '0-50: r-Alice',
      '50-100: r-Bob-screenShare r-Alice',
    ]);
  });

  it('tells two streams of one name apart by their track numbers', () => {
    const { timeline, tracks } = recorded([
      { name: 'Alice', from: 0, to: 2000 },
      { name: 'Alice', from: 4000, to: 6000 },
    ]);
    const streams = timeline.streams.map((stream, index) => ({
      ...stream,
      video: { codec: 'vp8' as const, track: 2 * index + 1 },
    }));
    const mix = planMix({ timeline: { ...timeline, streams }, tracks, config: checkMixerConfig({}) });
    assert.deepEqual(
      mix.spans.map(({ tiles }) => tiles[0]?.track?.index),
      [0, undefined, 2],
    );
  });

  it('is cut into pieces that have every frame once', () => {
    const mix = plan([
      { name: 'Alice', from: 0, to: 8000 },
      { name: 'Bob', from: 2000, to: 6000 },
    ]);
    for (const count of [1, 2, 3, 7]) {
      const pieces = cutPieces(mix, count);
      assert.equal(
        pieces.reduce((sum, piece) => sum + piece.frames, 0),
        mix.frames,
      );
      for (const { frames, spans } of pieces) {
        assert.equal(spans[0]?.from, 0);
        assert.equal(spans.at(-1)?.to, frames);
      }
    }
  });
});
