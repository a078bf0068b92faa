// Which file may import what: the arrows of the architecture as ESLint configuration. Imports go one way,
//
//   backend:     main, server → http, signaling → recording → rooms → media → config, log, metrics
//   components:  the elements → call → parts → base → room
//
// both halves may use protocol/, which uses nothing of ours, and neither knows the other.

/**
 * @typedef {object} Zone
 * @property {string} files
 * @property {string[]} [never] What files of ours these may not import: folders end in a slash.
 * @property {string} [because]
 * @property {string[]} [may] Packages that are otherwise kept out of this half.
 */

/** Packages that one place only may use. Types of mediasoup may go anywhere. */
const KEPT_PACKAGES = {
  mediasoup: 'The one value import of mediasoup is in backend/media/workers.ts.',
  express: 'express stays in backend/http/.',
  ws: 'ws stays in backend/signaling/gateway.ts.',
  child_process: 'Processes are started in backend/recording/ffmpeg.ts only.',
  'node:child_process': 'Processes are started in backend/recording/ffmpeg.ts only.',
  'mediasoup-client': 'Load components/room/media/mediasoup.ts by import() when a session connects.',
};

const ELEMENTS = ['conference/', 'video-chat/', 'screen-share/'];
const NO_LIT = { regex: '^(@?lit(/|$)|@shoelace-style/)', message: 'The room API and the protocol run without Lit.' };
const NO_NODE = { regex: '^node:', message: 'This runs in browsers too.' };

const MEDIA = { never: ['http/', 'signaling/', 'recording/', 'rooms/', 'server.ts'], because: 'Media knows no rooms.' };
const SIGNALING = { never: ['http/', 'server.ts'], because: 'signaling/ stands beside http/, under the server.' };
const RECORDING = {
  never: ['http/', 'signaling/', 'server.ts'],
  because: 'A recorder is a member of the room and does not know who asked for it.',
};

/** @type {Zone[]} Later ones replace earlier ones for files in both, so the general comes first. */
const BACKEND = [
  { files: 'backend/**/*.ts' },
  {
    files: 'backend/http/**/*.ts',
    never: ['signaling/', 'server.ts'],
    because: 'http/ stands beside signaling/, under the server.',
    may: ['express'],
  },
  { files: 'backend/signaling/**/*.ts', ...SIGNALING },
  { files: 'backend/signaling/gateway.ts', ...SIGNALING, may: ['ws'] },
  { files: 'backend/recording/**/*.ts', ...RECORDING },
  { files: 'backend/recording/ffmpeg.ts', ...RECORDING, may: ['node:child_process'] },
  {
    files: 'backend/rooms/**/*.ts',
    never: ['http/', 'signaling/', 'recording/', 'server.ts'],
    because: 'Rooms know members: no sockets, no HTTP, no disks.',
  },
  { files: 'backend/media/**/*.ts', ...MEDIA },
  { files: 'backend/media/workers.ts', ...MEDIA, may: ['mediasoup'] },
];

/** @type {Zone[]} */
const COMPONENTS = [
  { files: 'components/**/*.ts' },
  {
    files: 'components/base/**/*.ts',
    never: [...ELEMENTS, 'call/', 'parts/'],
    because: 'base/ knows neither elements nor parts.',
  },
  {
    files: 'components/call/**/*.ts',
    never: ELEMENTS,
    because: 'call/ is what the elements share, and knows none of them.',
  },
  {
    files: 'components/parts/**/*.ts',
    never: [...ELEMENTS, 'call/', 'room/'],
    because: 'Parts get data by property and tell intents by event.',
  },
];

/** @type {Zone} */
const ROOM = {
  files: 'components/room/**/*.ts',
  never: [...ELEMENTS, 'call/', 'parts/', 'base/', 'styles/', 'locales/'],
  because: 'The room API knows no elements.',
};

/** What import() loads as one: what is seen in a room, the room API for the elements, and in it mediasoup-client. */
const LAZY = {
  inCall: 'components/call/in-call.ts',
  room: 'components/base/room-half.ts',
  mediasoupClient: 'components/room/media/mediasoup.ts',
};

const EVERYWHERE = ['protocol/**/*.ts', 'components/**/*.ts', 'backend/**/*.ts'];
const NOT_BACKEND = { regex: '/backend/', message: 'The wire is the only bridge between the two halves.' };
const NOT_COMPONENTS = { regex: '/components/', message: 'The wire is the only bridge between the two halves.' };

/** @type {import('eslint').Linter.Config[]} */
export const importRules = [
  restricted({ files: 'protocol/**/*.ts' }, [
    { regex: String.raw`^\.\./`, message: 'protocol/ imports nothing of ours.' },
    NO_LIT,
    NO_NODE,
  ]),
  ...COMPONENTS.map((zone) => restricted(zone, [NOT_BACKEND, NO_NODE])),
  restricted(ROOM, [NOT_BACKEND, NO_NODE, NO_LIT]),
  restricted({ ...ROOM, files: LAZY.mediasoupClient, may: ['mediasoup-client'] }, [NOT_BACKEND, NO_NODE, NO_LIT]),
  ...BACKEND.map((zone) => restricted(zone, [NOT_COMPONENTS])),
  {
    files: EVERYWHERE,
    ignores: ['backend/config.ts', 'backend/config-sources.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'The environment is read in backend/config.ts.' },
      ],
    },
  },
  {
    files: EVERYWHERE,
    ignores: ['components/index.ts', 'components/room-api.ts', ...Object.values(LAZY)],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['ExportAllDeclaration', 'ExportNamedDeclaration[source]'].map((selector) => ({
          selector,
          message:
            'Only the package entries and what is loaded lazily hand on what others export: import it from where it is.',
        })),
      ],
    },
  },
];

/**
 * @param {Zone} zone
 * @param {{ regex: string, message: string }[]} patterns
 * @returns {import('eslint').Linter.Config}
 */
function restricted({ files, never = [], because = '', may = [] }, patterns) {
  const paths = Object.entries(KEPT_PACKAGES)
    .filter(([name]) => !may.includes(name))
    .map(([name, message]) => ({ name, message, allowTypeImports: true }));
  const upward = never.length === 0 ? [] : [{ regex: `/(${never.join('|')})`, message: because }];
  return {
    files: [files],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths, patterns: [...patterns, ...upward] }] },
  };
}
