import { STREAMS_PER_REQUEST } from '../../../protocol/limits.ts';

interface Call<Method extends string> {
  method: Method;
  names: string[];
  result: Promise<unknown>;
  send(): void;
}

/**
 * Gathers calls about streams that are made in one turn of the event loop into few requests, without changing their
 * order: calls of the same method that follow each other become one.
 */
export class Batch<Method extends string> {
  readonly #ask: (method: Method, names: string[]) => Promise<unknown>;
  #calls: Call<Method>[] = [];

  constructor(ask: (method: Method, names: string[]) => Promise<unknown>) {
    this.#ask = ask;
  }

  /** Resolves or rejects with the answer to the request that `name` goes into. */
  add(method: Method, name: string): Promise<unknown> {
    const last = this.#calls.at(-1);
    if (last?.method === method && last.names.length < STREAMS_PER_REQUEST) {
      if (!last.names.includes(name)) last.names.push(name);
      return last.result;
    }
    const call = this.#call(method, name);
    if (this.#calls.push(call) === 1) queueMicrotask(() => this.#flush());
    return call.result;
  }

  #call(method: Method, name: string): Call<Method> {
    const names = [name];
    let send = () => {};
    const result = new Promise<unknown>((resolve) => {
      send = () => resolve(this.#ask(method, names));
    });
    return { method, names, result, send: () => send() };
  }

  #flush(): void {
    const calls = this.#calls;
    this.#calls = [];
    for (const call of calls) call.send();
  }
}
