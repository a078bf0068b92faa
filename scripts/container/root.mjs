// Folders that hold a Debian system, and commands run inside of them, by bubblewrap.

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { SetUpError, node, run } from '../setup.mjs';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What the slim images of Debian leave out, and keep out of packages that are installed later. */
const SLIM = ['doc', 'man', 'info', 'locale', 'lintian', 'linda', 'groff'];

/** Of the output of a step that failed. */
const LINES_SHOWN = 40;

/**
 * @typedef {object} Place Where, and how, a command runs.
 * @property {string} root
 * @property {Record<string, string>} env
 * @property {string} cwd
 */

/**
 * Stands for the image `debian:RELEASE-slim`: made by the same tool from the same packages.
 * @param {string} root A folder that is not there yet.
 * @param {string} release As `bookworm`.
 */
export async function makeDebian(root, release) {
  if (
    (await run('debootstrap', ['--variant=minbase', release, root], { stdio: ['ignore', 'ignore', 'inherit'] })) !== 0
  )
    throw new SetUpError('debootstrap failed; see above.');
  const list = join(root, 'etc/apt/sources.list');
  const [mirror] = /https?:\S+?(?=\/?\s)/.exec(readFileSync(list, 'utf8')) ?? [];
  rmSync(list);
  const source = (/** @type {string} */ address, /** @type {string} */ suites) =>
    `Types: deb\nURIs: ${address}\nSuites: ${suites}\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n`;
  writeFileSync(
    join(root, 'etc/apt/sources.list.d/debian.sources'),
    `${source(`${mirror}`, `${release} ${release}-updates`)}\n${source(`${mirror}-security`, `${release}-security`)}`,
  );
  const excludes = SLIM.map((name) => `path-exclude /usr/share/${name}/*\n`).join('');
  writeFileSync(join(root, 'etc/dpkg/dpkg.cfg.d/slim'), `${excludes}path-include /usr/share/doc/*/copyright\n`);
  const command =
    `apt-get update -qq && apt-get -qq -y dist-upgrade && apt-get clean && rm -rf /var/lib/apt/lists/* /var/log/*.log && ` +
    `cd /usr/share && find doc ! -type d ! -name copyright -delete && rm -rf ${SLIM.slice(1).join(' ')}`;
  await build(command, { root, env: {}, cwd: '/' });
}

/**
 * Stands for the image `node:24-RELEASE-slim`: the Node that package.json pins and the npm of this machine, in `root`.
 * @param {string} root A system that makeDebian has made.
 */
export function addNode(root) {
  const local = join(root, 'usr/local');
  const { stdout } = spawnSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' });
  const npm = join(dirname(realpathSync(stdout.trim())), '..');
  mkdirSync(join(local, 'lib/node_modules'), { recursive: true });
  copy(realpathSync(node), join(local, 'bin/node'));
  copy(npm, join(local, 'lib/node_modules/npm'));
  for (const name of ['npm', 'npx'])
    spawnSync('ln', ['-s', `../lib/node_modules/npm/bin/${name}-cli.js`, join(local, 'bin', name)]);
}

/**
 * With owners, modes and times; the contents of a folder into a folder that may be there.
 * @param {string} from
 * @param {string} to
 */
export function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  const done = spawnSync('cp', ['-a', '--reflink=auto', '-T', from, to], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (done.status !== 0) throw new SetUpError(`${from} could not be copied to ${to}; see above.`);
}

/**
 * Runs a step of a build, as the administrator, with the network of this machine: its name servers, its certificates and what
 * npm has fetched before.
 * @param {string} command For /bin/sh.
 * @param {Place} place
 */
export async function build(command, { root, env, cwd }) {
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  const npm = join(homedir(), '.npm');
  mkdirSync(npm, { recursive: true });
  const args = [
    ...[
      '--bind',
      root,
      '/',
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      '--tmpfs',
      '/run',
      '--perms',
      '1777',
      '--tmpfs',
      '/tmp',
    ],
    ...['--ro-bind', '/etc/resolv.conf', '/etc/resolv.conf', '--bind', npm, '/run/npm'],
    ...(certificates ? ['--ro-bind', realpathSync(certificates), '/run/certificates.crt'] : []),
    ...['--unshare-pid', '--unshare-ipc', '--die-with-parent', '--cap-add', 'ALL', '--chdir', cwd],
  ];
  const host = {
    npm_config_cache: '/run/npm',
    npm_config_update_notifier: 'false',
    ...(certificates && { NODE_EXTRA_CA_CERTS: '/run/certificates.crt' }),
  };
  const output = openSync(`${root}.log`, 'w+');
  const code = await run('nice', ['-n', '5', 'bwrap', ...args, '/bin/sh', '-c', command], {
    env: { PATH: DEFAULT_PATH, HOME: '/root', DEBIAN_FRONTEND: 'noninteractive', ...host, ...env },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const last = readFileSync(`${root}.log`, 'utf8').split('\n').slice(-LINES_SHOWN).join('\n');
  rmSync(`${root}.log`);
  if (code !== 0) throw new SetUpError(`${last}\nThis step failed (exit code ${code}):\n${command}`);
}

/**
 * Starts a command as a container runs it: as process 1, under the image's user without any privilege, on a root that
 * cannot be written to. Only /tmp, and the folders that are named, can.
 * @param {string[]} command
 * @param {Place & { user: string, volumes: Record<string, string> }} place volumes: by the path inside, the folder here.
 * @returns `pid` is its id on this side, for signals.
 */
export function start(command, { root, env, cwd, user, volumes }) {
  const { uid, gid } = account(root, user);
  const args = [
    ...['--ro-bind', root, '/', '--proc', '/proc', '--dev', '/dev', '--perms', '1777', '--tmpfs', '/tmp'],
    ...Object.entries(volumes).flatMap(([inside, folder]) => ['--bind', folder, inside]),
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--die-with-parent', '--as-pid-1', '--info-fd', '3'],
    ...['--cap-drop', 'ALL', '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID', '--cap-add', 'CAP_SETPCAP'],
    ...['--chdir', cwd, '--', 'setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'],
    ...['--inh-caps=-all', '--bounding-set=-all', ...command],
  ];
  const child = spawn('bwrap', args, {
    env: { PATH: DEFAULT_PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let output = '';
  let info = '';
  child.stdout?.on('data', (data) => (output += data));
  child.stderr?.on('data', (data) => (output += data));
  /** @type {import('node:stream').Readable} */ (child.stdio[3]).on('data', (data) => (info += data));
  /** @type {Promise<number | null>} */
  const exited = new Promise((resolve) => child.on('close', resolve));
  return {
    exited,
    output: () => output,
    pid: () => /** @type {{ 'child-pid': number }} */ (JSON.parse(info))['child-pid'],
  };
}

/**
 * @param {string} root
 * @param {string} user
 */
export function account(root, user) {
  const [, , uid, gid] =
    readFileSync(join(root, 'etc/passwd'), 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find(([name]) => name === user) ?? [];
  if (!uid || !gid) throw new SetUpError(`The image has no user ${user}.`);
  return { uid: Number(uid), gid: Number(gid) };
}
