import { html } from 'lit';
import type { ReactiveControllerHost, TemplateResult } from 'lit';
import { forwardIcons } from '../parts/icon.ts';
import type { ConnectOptions } from '../room/session.ts';
import type { ConnectionCheck } from '../room/connection-check.ts';

/** Tests the connection before joining, for an element: once by itself, and again whenever somebody wants that. */
export class ConnectionTest {
  readonly #host: ReactiveControllerHost;
  readonly #options: () => ConnectOptions;
  #state: 'new' | 'running' | 'done' = 'new';
  #found: ConnectionCheck | undefined;

  constructor(host: ReactiveControllerHost, options: () => ConnectOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** What it has found, in the form before joining. Showing it for the first time begins the test. */
  render(lang: string): TemplateResult {
    if (this.#state === 'new') void this.#run();
    const view = { found: this.#found, again: () => void this.#run() };
    return html`<wcs-connection-check
      slot="check"
      exportparts="connection-check, check-button"
      .lang=${lang}
      .view=${view}
      >${forwardIcons(['signal', 'check', 'warning'])}</wcs-connection-check
    >`;
  }

  async #run(): Promise<void> {
    if (this.#state === 'running') return;
    this.#state = 'running';
    this.#found = undefined;
    try {
      // Its rendering goes on in the update after this one.
      await Promise.resolve();
      this.#host.requestUpdate();
      const { testConnection } = await import('./connection-check.ts');
      this.#found = await testConnection(this.#options());
    } catch {
      // Without its code or an address there is no test; joining will say what is wrong.
    }
    this.#state = 'done';
    this.#host.requestUpdate();
  }
}
