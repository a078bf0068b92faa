import type { ReactiveController } from 'lit';
import type { OwnMedia } from './own/own-media.ts';
import type { OwnScreen } from './own/own-screen.ts';
import type { RoomAttributes } from './room-attributes.ts';
import type { Viewing } from './viewing.ts';

interface Media {
  own: OwnMedia;
  screen: OwnScreen;
  viewing: Viewing;
}

/** Follows the attribute `audio-only`: no picture is sent or received while it is there; without it the camera is as it was before. */
export class AudioOnly implements ReactiveController {
  readonly #host: RoomAttributes;
  readonly #media: () => Media;
  #on = false;
  #hadCamera = false;

  constructor(host: RoomAttributes, media: () => Media) {
    this.#host = host;
    this.#media = media;
    host.addController(this);
  }

  hostUpdate(): void {
    const on = this.#host.audioOnly;
    if (on === this.#on) return;
    this.#on = on;
    const { own, screen, viewing } = this.#media();
    viewing.audioOnly = on;
    if (on) {
      this.#hadCamera = own.wanted.video;
      screen.stop();
      void own.toggle('video', false);
    } else if (this.#hadCamera) void own.toggle('video', true);
  }
}
