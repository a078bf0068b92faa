// The page of recordings. All that comes from the backend is shown as text: names are written by strangers.
import { locale, say, sayRecordings, translate } from './records-texts.js';

const API = '/api/v1';

/** Milliseconds between two looks, while something is going on and while nothing is. */
const LOOK_BUSY = 2000;
const LOOK_IDLE = 15_000;

/** Recordings shown at first, and further ones at a time. */
const PAGE = 50;

/** @typedef {{ role: 'mixed' | 'tracks' | 'stream' | 'source' | 'timeline', name: string, url: string, bytes: number, type: string }} RecordingFile */
/**
 * @typedef {object} Recording
 * @property {string} id
 * @property {'room' | 'stream'} kind
 * @property {string} room
 * @property {string} [login]
 * @property {string[]} participants
 * @property {number} startedAt
 * @property {number} durationMs
 * @property {number} bytes
 * @property {'recording' | 'recorded' | 'mixing' | 'done' | 'failed'} state
 * @property {number} [progress]
 * @property {string} [reason]
 * @property {boolean} busy
 * @property {boolean} mixable
 * @property {RecordingFile[]} files
 */

const page = Object.fromEntries([...document.querySelectorAll('[id]')].map((element) => [element.id, element]));

/** @type {Map<string, { item: HTMLElement, shown: Recording }>} By id. Items stay, so that what plays goes on. */
const items = new Map();
let limit = PAGE;
let timer = 0;
let looks = 0;

/** A refusal of the backend. */
class Refusal extends Error {
  /**
   * @param {string} message
   * @param {{ status: number, canSignIn: boolean }} answer
   */
  constructor(message, { status, canSignIn }) {
    super(message);
    this.status = status;
    this.canSignIn = canSignIn;
  }
}

/**
 * @param {string} path
 * @param {{ method?: string, body?: unknown }} [request]
 * @returns {Promise<any>} What the backend answers, undefined where that is nothing.
 */
async function ask(path, { method = 'GET', body } = {}) {
  const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const response = await fetch(API + path, { method, headers, body: body && JSON.stringify(body) });
  if (response.ok) return response.status === 204 ? undefined : response.json();
  const problem = await response.json().catch(() => undefined);
  throw new Refusal(problem?.error?.message ?? say('answered', { status: response.status }), {
    status: response.status,
    canSignIn: response.headers.has('WWW-Authenticate'),
  });
}

async function look() {
  clearTimeout(timer);
  const number = (looks += 1);
  let wait = LOOK_IDLE;
  try {
    const list = await ask(`/recordings?limit=${limit}`);
    // A later look has been answered first.
    if (number !== looks) return;
    show(list);
    if (list.recordings.some(({ busy }) => busy)) wait = LOOK_BUSY;
  } catch (error) {
    if (number !== looks) return;
    if (error instanceof Refusal && error.status === 401) {
      refuse(error);
      return;
    }
    notice(error instanceof Refusal ? error.message : say('unreachable'));
  }
  timer = setTimeout(() => void look(), wait);
}

function show({ total, bytes, recordings }) {
  notice('');
  page['sign-in'].hidden = true;
  page['sign-out'].hidden = !localStorage.getItem('signedIn');
  page.summary.textContent = total === 0 ? '' : say('summary', { recordings: sayRecordings(total), size: size(bytes) });
  page.empty.hidden = total > 0;
  page.more.hidden = recordings.length >= total;
  const ids = new Set(recordings.map(({ id }) => id));
  for (const [id, { item }] of items) {
    if (ids.has(id)) continue;
    item.remove();
    items.delete(id);
  }
  recordings.forEach((recording, index) => {
    const known = items.get(recording.id);
    const item = known?.item ?? page.recording.content.firstElementChild.cloneNode(true);
    if (!known) prepare(item, recording.id);
    const before = known?.shown;
    items.set(recording.id, { item, shown: recording });
    fill(item, recording, before);
    // What stays where it is is not moved: that would stop what plays in it.
    const there = page.recordings.children[index];
    if (there !== item) page.recordings.insertBefore(item, there ?? null);
  });
}

/** Nothing of what was seen before stays in sight. */
function refuse({ message, canSignIn }) {
  for (const { item } of items.values()) item.remove();
  items.clear();
  page.summary.textContent = '';
  page.more.hidden = page.empty.hidden = page['sign-out'].hidden = true;
  localStorage.removeItem('signedIn');
  page['sign-in'].hidden = !canSignIn;
  notice(canSignIn ? '' : message);
}

/** Says why something went wrong; `about` whom, so that others do not take it back. */
function notice(text, about = 'list') {
  if (text === '' && page.notice.dataset.about !== about) return;
  page.notice.dataset.about = about;
  if (page.notice.textContent !== text) page.notice.textContent = text;
  page.notice.hidden = text === '';
}

function prepare(item, id) {
  const part = (name) => item.querySelector(`[data-${name}]`);
  const current = () => items.get(id).shown;
  part('play').addEventListener('click', () => play(item, current()));
  part('stop').addEventListener('click', () => void stop(part('stop'), current()));
  part('mix').addEventListener('click', () => openDialog(page['mix-dialog'], current()));
  part('delete').addEventListener('click', () => openDialog(page['delete-dialog'], current()));
}

function fill(item, recording, before) {
  const part = (name) => item.querySelector(`[data-${name}]`);
  const { id, kind, room, login, participants, state, progress, reason, busy, mixable } = recording;
  const isRoom = kind === 'room';
  text(part('room'), room);
  text(part('kind'), say(isRoom ? 'kindRoom' : 'kindStream'));
  part('state').dataset.state = state;
  const percent = Math.round((progress ?? 0) * 100) / 100;
  text(
    part('state'),
    state === 'mixing'
      ? say('mixingAt', { percent: percent.toLocaleString(locale, { style: 'percent' }) })
      : say(state),
  );
  part('start').dateTime = new Date(recording.startedAt).toISOString();
  text(part('start'), moment(recording.startedAt));
  text(part('duration'), duration(recording.durationMs));
  text(part('bytes'), size(recording.bytes));
  people(part('people'), isRoom ? participants : [login ?? '']);
  text(part('reason'), reason ?? '');
  part('reason').hidden = !reason;
  part('reason').classList.toggle('mild', state !== 'failed');
  part('progress').hidden = state !== 'mixing';
  part('progress').value = progress ?? 0;
  part('progress').ariaLabel = say('mixingOf', { room });
  const label = `${room}, ${moment(recording.startedAt)}`;
  part('play').hidden = playable(recording) === undefined;
  part('play').ariaLabel = say(part('player').hidden ? 'playOf' : 'closeOf', { label });
  part('stop').hidden = !isRoom || state !== 'recording';
  part('stop').ariaLabel = say('stopRoom', { room });
  part('mix').hidden = !mixable || busy;
  part('mix').ariaLabel = say('mixAgainOf', { label });
  part('delete').hidden = busy;
  part('delete').ariaLabel = say('removeOf', { label });
  if (JSON.stringify(before?.files) !== JSON.stringify(recording.files)) links(part('links'), recording);
  if (before && before.state !== state) page.live.textContent = `${room}: ${say(state)}`;
  item.id = `recording-${id}`;
}

/** Writes only what is new: a screen reader and a selection stay where they are. */
function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

function people(element, names) {
  const shown = names.join('\n');
  if (element.dataset.shown === shown) return;
  element.dataset.shown = shown;
  const parts = names.flatMap((name, index) => {
    const one = document.createElement('bdi');
    one.textContent = name;
    return index === 0 ? [one] : [', ', one];
  });
  element.replaceChildren(...(names.length === 0 ? [say('nobody')] : parts));
}

function links(element, { files }) {
  const all = files.map(({ role, name, url, bytes }, index) => {
    const link = document.createElement('a');
    const many = files.filter((file) => file.role === role).length > 1;
    link.textContent = many ? `${say(role)} ${index + 1}` : say(role);
    link.href = `${url}?download`;
    link.download = name;
    link.title = name;
    const note = document.createElement('small');
    note.textContent = ` ${name.slice(name.lastIndexOf('.') + 1)}, ${size(bytes)}`;
    const both = document.createElement('span');
    both.append(link, note);
    return both;
  });
  element.replaceChildren(...all);
}

/** The file that a browser can play. */
function playable({ files }) {
  return files.find(({ role }) => role === 'mixed' || role === 'stream');
}

/** Opens the player of a recording, or closes it. */
function play(item, recording) {
  const player = item.querySelector('[data-player]');
  const button = item.querySelector('[data-play]');
  const file = playable(recording);
  const open = player.hidden && file !== undefined;
  player.hidden = !open;
  button.textContent = say(open ? 'close' : 'play');
  button.ariaLabel = say(open ? 'closeOf' : 'playOf', { label: `${recording.room}, ${moment(recording.startedAt)}` });
  player.querySelector('video, audio')?.pause();
  player.replaceChildren();
  if (!open) return;
  const media = document.createElement(file.type.startsWith('audio/') ? 'audio' : 'video');
  media.controls = true;
  media.preload = 'metadata';
  media.playsInline = true;
  media.ariaLabel = say('playerOf', { room: recording.room });
  media.addEventListener('error', () => {
    player.textContent = say('unplayable');
  });
  media.src = file.url;
  player.append(media);
  void media.play().catch(() => undefined);
  media.focus();
}

/** Ends the recording of a room that goes on; the people in it go on too. */
async function stop(button, { room }) {
  button.disabled = true;
  notice('', 'stop');
  try {
    await ask(`/rooms/${encodeURIComponent(room)}/recording`, { method: 'POST', body: { on: false } });
    await look();
  } catch (error) {
    notice(error instanceof Refusal ? error.message : say('unreachable'), 'stop');
  } finally {
    button.disabled = false;
  }
}

function openDialog(dialog, recording) {
  dialog.dataset.id = recording.id;
  text(dialog.querySelector('[data-room]'), recording.room);
  text(dialog.querySelector('.error'), '');
  dialog.showModal();
}

/** Does what a dialog asks for; it closes when that went well. */
async function answer(event, { value, request }) {
  if (event.submitter?.value !== value) return;
  event.preventDefault();
  const dialog = event.currentTarget.closest('dialog');
  const { id } = dialog.dataset;
  event.submitter.disabled = true;
  try {
    await request(`/recordings/${encodeURIComponent(id)}`);
    dialog.close();
    await look();
  } catch (error) {
    text(dialog.querySelector('.error'), error instanceof Refusal ? error.message : say('unreachable'));
  } finally {
    event.submitter.disabled = false;
  }
}

function mixerSettings() {
  const settings = {};
  if (page.layout.value !== '') settings.mixerLayoutClass = page.layout.value;
  if (page.size.value === 'sound') settings.hasVideo = false;
  else if (page.size.value !== '') {
    [settings.mixerVideoWidth, settings.mixerVideoHeight] = page.size.value.split('x').map(Number);
  }
  return settings;
}

async function signIn(event) {
  event.preventDefault();
  text(page['sign-in-error'], '');
  try {
    await ask('/login', { method: 'POST', body: { token: page.token.value } });
    page.token.value = '';
    localStorage.setItem('signedIn', 'yes');
    await look();
  } catch (error) {
    text(page['sign-in-error'], error instanceof Refusal ? error.message : say('unreachable'));
    page.token.focus();
  }
}

async function signOut() {
  await ask('/login', { method: 'DELETE' }).catch(() => undefined);
  localStorage.removeItem('signedIn');
  await look();
}

function moment(time) {
  return new Date(time).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}

function duration(ms) {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function size(bytes) {
  const units = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const step = Math.min(units.length, Math.max(1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const value = bytes / 1000 ** step;
  const maximumFractionDigits = value < 10 ? 1 : 0;
  return value.toLocaleString(locale, { style: 'unit', unit: units[step - 1], maximumFractionDigits });
}

document.documentElement.lang = locale;
translate(document);
page['sign-in'].addEventListener('submit', (event) => void signIn(event));
page['sign-out'].addEventListener('click', () => void signOut());
page.more.addEventListener('click', () => {
  limit += PAGE;
  void look();
});
page['mix-dialog'].firstElementChild.addEventListener('submit', (event) => {
  const body = mixerSettings();
  void answer(event, { value: 'mix', request: (path) => ask(`${path}/mix`, { method: 'POST', body }) });
});
page['delete-dialog'].firstElementChild.addEventListener('submit', (event) => {
  void answer(event, { value: 'delete', request: (path) => ask(path, { method: 'DELETE' }) });
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void look();
  else clearTimeout(timer);
});
void look();
