import { Component, CUSTOM_ELEMENTS_SCHEMA, signal, viewChild, type ElementRef } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import 'wcs-rooms';
import type { WcsConference } from 'wcs-rooms';

@Component({
  selector: 'app-root',
  // Lets Angular pass what it does not know, here <wcs-conference>, on to the browser.
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <header>
      <button type="button" [disabled]="!inRoom()" (click)="sayHello()">Say hello</button>
      <output>{{ log() }}</output>
    </header>
    <wcs-conference
      #conference
      username="Angela"
      server-url="/ws"
      no-prejoin
      [maxParticipants]="10"
      (wcs-join)="joined($event)"
      (wcs-leave)="left($event)"
      (wcs-message)="received($event)"
    />
  `,
})
export class App {
  readonly log = signal('Not in the room.');
  readonly inRoom = signal(false);
  private readonly conference = viewChild.required<ElementRef<WcsConference>>('conference');

  async sayHello() {
    await this.conference().nativeElement.sendMessage('Hello!');
  }

  joined({ detail }: HTMLElementEventMap['wcs-join']) {
    this.log.set(`${detail.username} is in ${detail.room}.`);
    this.inRoom.set(true);
  }

  left({ detail }: HTMLElementEventMap['wcs-leave']) {
    this.log.set(`Not in the room: ${detail.reason}.`);
    this.inRoom.set(false);
  }

  received({ detail }: HTMLElementEventMap['wcs-message']) {
    this.log.set(`${detail.from} wrote: ${detail.text}`);
  }
}

await bootstrapApplication(App);
