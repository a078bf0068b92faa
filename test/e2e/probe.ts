/** What a person would see and hear, read from inside a page: tiles, frames that were decoded, sound that is heard. */

/** A video on the page that plays a stream. */
export interface Seen {
  /** The name on its tile, or the id of the video where there is no tile. */
  name: string;
  /** Frames decoded so far of what it shows (0 for one's own camera, which nobody decodes). */
  frames: number;
  width: number;
  height: number;
  /** The loudest that its sound has been so far, from 0 to 1 (root mean square). */
  loudness: number;
  paused: boolean;
}

export interface Probe {
  /** Every element that a selector matches, through all shadow roots, in document order. */
  deep(selector: string): HTMLElement[];
  part(name: string): HTMLElement[];
  /** The text of a part, or undefined when it is not there. */
  text(part: string): string | undefined;
  click(part: string): void;
  type(part: string, text: string): void;
  seen(): Promise<Seen[]>;
  /** Packets of sound that have arrived so far, from everybody. */
  soundPackets(): Promise<number>;
  /** When the last packet of any picture came, in milliseconds since the Unix epoch; 0 while none has (Chromium). */
  lastPicture(): Promise<number>;
  /** Which way the media goes, for each connection that is up: `host udp`, `host tcp`, `relay tcp`. */
  paths(): Promise<string[]>;
  /** From where on this machine it goes, for each connection that is up: `192.0.2.2:50000`. */
  addresses(): Promise<string[]>;
}

declare global {
  var probe: Probe;
}

/** Runs in the page before any of its scripts, so it may use nothing from outside itself. */
export function installProbe(): void {
  const connections = new Set<RTCPeerConnection>();
  const Native = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.add(this);
    }
  };

  const meters = new Map<string, { analyser: AnalyserNode; loudest: number }>();
  let audio: AudioContext | undefined;
  const listen = () => {
    for (const video of videos()) {
      const stream = video.srcObject as MediaStream;
      const [track] = stream.getAudioTracks();
      if (!track || meters.has(track.id)) continue;
      audio ??= new AudioContext();
      const analyser = audio.createAnalyser();
      audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      meters.set(track.id, { analyser, loudest: 0 });
    }
    for (const meter of meters.values()) {
      const samples = new Float32Array(meter.analyser.fftSize);
      meter.analyser.getFloatTimeDomainData(samples);
      const square = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      meter.loudest = Math.max(meter.loudest, Math.sqrt(square));
    }
  };
  // Listening costs the page time, so it begins when somebody wants to know.
  let listening = false;

  const deep = (selector: string, root: Document | ShadowRoot | Element = document): HTMLElement[] =>
    [...root.querySelectorAll<HTMLElement>('*')].flatMap((element) => [
      ...(element.matches(selector) ? [element] : []),
      ...(element.shadowRoot ? deep(selector, element.shadowRoot) : []),
    ]);
  const part = (name: string) => deep(`[part~="${name}"]`);
  const videos = () => (deep('video') as HTMLVideoElement[]).filter((video) => video.srcObject instanceof MediaStream);
  const one = (name: string) => {
    const [element] = part(name);
    if (!element) throw new Error(`There is no part "${name}".`);
    return element;
  };

  /** The name written on the tile that an element stands in, climbing out of shadow roots. */
  const tileName = (element: Element): string | undefined => {
    for (let at: Node | null = element; at; at = at.parentNode ?? (at as ShadowRoot).host ?? null) {
      if (!(at instanceof Element) || !/\b(local-)?tile\b|\bscreen\b/.test(at.getAttribute('part') ?? '')) continue;
      const label =
        deep('[part~="tile-name"]', at)[0] ?? (at.shadowRoot && deep('[part~="tile-name"]', at.shadowRoot)[0]);
      if (label) return label.textContent.trim();
    }
    return undefined;
  };

  /** What arrives, by track id. Firefox gives the level of received sound; Chromium only that of what an analyser hears. */
  const received = async () => {
    const tracks = new Map<string, { frames: number; level: number }>();
    for (const connection of connections) {
      if (connection.connectionState === 'closed') {
        connections.delete(connection);
        continue;
      }
      const report = (await connection.getStats()) as unknown as Map<string, Record<string, unknown>>;
      for (const stat of report.values()) {
        if (stat.type !== 'inbound-rtp') continue;
        const level = Math.sqrt(
          Number(stat.totalAudioEnergy ?? 0) / Math.max(1, Number(stat.totalSamplesDuration ?? 0)),
        );
        tracks.set(String(stat.trackIdentifier), { frames: Number(stat.framesDecoded ?? 0), level });
      }
    }
    return tracks;
  };

  /** This machine's half of the candidate pair in use (W3C webrtc-stats §8.14). */
  const candidate = async (connection: RTCPeerConnection): Promise<Record<string, string> | undefined> => {
    const report = (await connection.getStats()) as unknown as Map<string, Record<string, string>>;
    const transport = [...report.values()].find(({ type }) => type === 'transport');
    const pair = report.get(transport?.selectedCandidatePairId ?? '');
    return report.get(pair?.localCandidateId ?? '');
  };
  const candidates = async () => {
    const up = [...connections].filter(({ connectionState }) => connectionState === 'connected');
    return (await Promise.all(up.map(candidate))).filter((local) => local !== undefined);
  };

  const soundPackets = async (): Promise<number> => {
    let packets = 0;
    for (const connection of connections) {
      const report = (await connection.getStats()) as unknown as Map<string, Record<string, unknown>>;
      for (const { type, kind, packetsReceived } of report.values())
        if (type === 'inbound-rtp' && kind === 'audio') packets += Number(packetsReceived ?? 0);
    }
    return packets;
  };

  globalThis.probe = {
    soundPackets,
    async lastPicture() {
      const reports = await Promise.all([...connections].map((connection) => connection.getStats()));
      const stats = reports.flatMap((report) => [
        ...(report as unknown as Map<string, Record<string, unknown>>).values(),
      ]);
      const pictures = stats.filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
      return Math.max(0, ...pictures.map(({ lastPacketReceivedTimestamp }) => Number(lastPacketReceivedTimestamp)));
    },
    async paths() {
      // Of a relay, how its server is reached.
      const path = (local: Record<string, string>) => `${local.candidateType} ${local.relayProtocol ?? local.protocol}`;
      return (await candidates()).map(path);
    },
    async addresses() {
      return (await candidates()).map((local) => `${local.address}:${local.port}`);
    },
    deep,
    part,
    text: (name) => part(name)[0]?.textContent.trim(),
    click: (name) => one(name).click(),
    type(name, text) {
      const field = one(name) as HTMLInputElement | HTMLTextAreaElement;
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    },
    async seen() {
      if (!listening) setInterval(listen, 30);
      listening = true;
      const tracks = await received();
      return videos().map((video) => {
        const stream = video.srcObject as MediaStream;
        const [picture] = stream.getVideoTracks();
        const [sound] = stream.getAudioTracks();
        return {
          name: tileName(video) ?? video.id,
          frames: (picture && tracks.get(picture.id)?.frames) ?? 0,
          width: video.videoWidth,
          height: video.videoHeight,
          loudness: sound ? Math.max(meters.get(sound.id)?.loudest ?? 0, tracks.get(sound.id)?.level ?? 0) : 0,
          paused: video.paused,
        };
      });
    },
  };
}
