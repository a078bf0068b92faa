/** Hertz of the two tones, and seconds that each is heard: short, and like nothing that happens in a call. */
const TONES = [523.25, 783.99];
const LENGTH = 0.25;

/** Plays two soft tones through a speaker, or through the one of the system. */
export async function playTestSound(speaker: string | undefined): Promise<void> {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const player = new Audio();
  player.srcObject = out.stream;
  const tones = TONES.map((hertz, index) => tone(context, out, hertz, context.currentTime + index * LENGTH));
  const last = tones.at(-1);
  last?.addEventListener('ended', () => void context.close());
  // A speaker that has just gone: it is heard through the one of the system.
  if (speaker) await player.setSinkId?.(speaker).catch(() => undefined);
  await player.play().catch(() => undefined);
}

function tone(context: AudioContext, out: AudioNode, hertz: number, from: number): OscillatorNode {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(0.25, from + 0.02);
  gain.gain.linearRampToValueAtTime(0, from + LENGTH);
  oscillator.connect(gain).connect(out);
  oscillator.start(from);
  oscillator.stop(from + LENGTH);
  return oscillator;
}
