// Reads a Dockerfile as far as ours goes. What it does not know it refuses, so that nothing is passed over in silence.

/**
 * @typedef {{ kind: 'run', command: string }} RunStep By /bin/sh.
 * @typedef {{ kind: 'copy', from: string | undefined, sources: string[], target: string }} CopyStep From a stage, or the build's folder.
 * @typedef {{ kind: 'env', values: Record<string, string> }} EnvStep
 * @typedef {{ kind: 'workdir', folder: string }} WorkdirStep
 * @typedef {RunStep | CopyStep | EnvStep | WorkdirStep} Step
 */

/**
 * @typedef {object} Stage
 * @property {string} name The last one is called `image` where it has no name.
 * @property {string} from An earlier stage, or an image.
 * @property {Step[]} steps
 * @property {string} [user] Runs the command; later stages from this one inherit nothing but files, variables and the folder.
 * @property {string[]} [command]
 * @property {string[]} [healthcheck]
 * @property {string} [stopSignal]
 * @property {string[]} volumes
 */

/** @type {Record<string, (rest: string, stage: Stage) => void>} */
const INSTRUCTIONS = {
  RUN: (rest, { steps, user }) => {
    if (user) throw new Error('RUN after USER is not known');
    steps.push({ kind: 'run', command: rest });
  },
  COPY: (rest, { steps }) => {
    const words = rest.split(/\s+/);
    const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
    const target = words.pop();
    if (!target || words.length === 0 || /--|[*?["\\]/.test(words.join(' ')))
      throw new Error(`COPY of this form is not known: ${rest}`);
    steps.push({ kind: 'copy', from, sources: words, target });
  },
  ENV: (rest, { steps }) => {
    const pairs = rest.split(/\s+/).map((word) => /^([A-Z_][A-Z0-9_]*)=([^"'\\$]*)$/.exec(word));
    if (pairs.includes(null)) throw new Error(`ENV of this form is not known: ${rest}`);
    steps.push({
      kind: 'env',
      values: Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? ''])),
    });
  },
  WORKDIR: (folder, { steps }) => void steps.push({ kind: 'workdir', folder }),
  USER: (user, stage) => void (stage.user = user),
  CMD: (rest, stage) => void (stage.command = words(rest)),
  HEALTHCHECK: (rest, stage) => void (stage.healthcheck = words(rest.replace(/^(?:--\S+\s+)*CMD\s+/, ''))),
  STOPSIGNAL: (signal, stage) => void (stage.stopSignal = signal),
  VOLUME: (folder, { volumes }) => void volumes.push(folder),
  EXPOSE: () => undefined,
};

/**
 * @param {string} text
 * @returns {Stage[]} In their order, the image last.
 * @throws {Error} with the instruction that is not known.
 */
export function readDockerfile(text) {
  /** @type {Stage[]} */
  const stages = [];
  for (const instruction of instructions(text)) {
    const [, keyword = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(instruction) ?? [];
    if (keyword === 'FROM') {
      const [, from, name] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest) ?? [];
      if (!from) throw new Error(`FROM of this form is not known: ${rest}`);
      stages.push({ name: name ?? 'image', from, steps: [], volumes: [] });
      continue;
    }
    const [read, stage] = [INSTRUCTIONS[keyword], stages.at(-1)];
    if (!read || !stage) throw new Error(`not known here: ${instruction}`);
    read(rest, stage);
  }
  return stages;
}

/**
 * Lines joined, comments left out, as Docker does it also inside of an instruction.
 * @param {string} text
 */
function instructions(text) {
  const lines = text.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line));
  return lines
    .join('\n')
    .replaceAll(/\\\n/g, '')
    .split('\n')
    .map((line) => line.trim());
}

/**
 * @param {string} json
 * @returns {string[]}
 */
function words(json) {
  const list = /** @type {unknown} */ (JSON.parse(json));
  if (!Array.isArray(list) || !list.every((word) => typeof word === 'string'))
    throw new Error(`a list of words is wanted: ${json}`);
  return list;
}
