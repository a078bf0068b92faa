import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Keeps a folder for one process: two that record into one would take each other's recordings for abandoned. It is a
 * local socket of a name made from the folder's path, because the system gives a socket back with its process, however
 * that ends.
 */
export class FolderLock {
  readonly #server: Server;

  /** Undefined when another process has it. Throws when the folder is not there. */
  static async take(folder: string): Promise<FolderLock | undefined> {
    const hash = createHash('sha256')
      .update(await realpath(folder))
      .digest('hex')
      .slice(0, 32);
    const address = socketAddress(`wcs-records-${hash}`);
    const lock = await listen(address);
    if (lock || platform() === 'linux' || platform() === 'win32' || (await answers(address))) return lock;
    // The file of a process that was killed.
    await rm(address, { force: true });
    return listen(address);
  }

  constructor(server: Server) {
    this.#server = server;
  }

  /** Idempotent. */
  close(): void {
    this.#server.close();
  }
}

/** On Linux a name that no file system knows (unix(7), abstract), on Windows a pipe, else a file. */
function socketAddress(name: string): string {
  if (platform() === 'linux') return `\0${name}`;
  return platform() === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

async function listen(address: string): Promise<FolderLock | undefined> {
  const server = createServer((socket) => socket.destroy());
  server.listen(address);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
  server.unref();
  return new FolderLock(server);
}

async function answers(address: string): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
