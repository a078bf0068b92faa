// A conference in plain code, the way pages for the WCS Room API are written.
/* global RoomApi */

const { SESSION_STATUS, STREAM_STATUS } = RoomApi.sdk.constants;
const ROOM_EVENT = RoomApi.events;

const $ = (id) => document.getElementById(id);
const seats = Number(document.body.dataset.seats);
const query = new URLSearchParams(location.search);

let connection;
let room;
let camera;
let screen;

RoomApi.sdk.init();
$('url').value = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;
// Who was invited does not decide about recording.
$('recordBox').hidden = query.has('roomName');
$('form').addEventListener('submit', (event) => {
  event.preventDefault();
  if (room) leave();
  else start();
});
$('chatForm').addEventListener('submit', (event) => {
  event.preventDefault();
  send();
});
$('publish').addEventListener('click', () => (camera ? camera.stop() : publish()));
$('share').addEventListener('click', () => (screen ? screen.stop() : share()));
$('audio').addEventListener('click', () => {
  if (camera.isAudioMuted()) camera.unmuteAudio();
  else camera.muteAudio();
  showMuted();
});
$('video').addEventListener('click', () => {
  if (camera.isVideoMuted()) camera.unmuteVideo();
  else camera.muteVideo();
  showMuted();
});

function start() {
  $('error').value = '';
  $('join').disabled = true;
  const username = $('login').value;
  const urlServer = $('url').value;
  const established = connection?.status() === SESSION_STATUS.ESTABLISHED;
  if (established && connection.username() === username && connection.getServerUrl() === urlServer) {
    joinRoom();
    return;
  }
  connection?.off(SESSION_STATUS.DISCONNECTED).disconnect();
  connection = RoomApi.connect({ urlServer, username })
    .on(SESSION_STATUS.ESTABLISHED, (session) => {
      $('status').value = session.status();
      joinRoom();
    })
    .on(SESSION_STATUS.RECONNECTING, (session) => ($('status').value = session.status()))
    .on(SESSION_STATUS.RECONNECTED, (session) => ($('status').value = session.status()))
    .on(SESSION_STATUS.DISCONNECTED, ended)
    .on(SESSION_STATUS.FAILED, (session) => {
      $('error').value = session.getError().message;
      ended(session);
    });
}

function ended(session) {
  $('status').value = session.status();
  showLeft();
}

function joinRoom() {
  connection
    .join({ name: query.get('roomName') || `room-${randomHex(6)}`, record: $('record').checked })
    .on(ROOM_EVENT.STATE, joined)
    .on(ROOM_EVENT.JOINED, (participant) => {
      addTile(participant);
      addLine(participant.name(), 'joined');
    })
    .on(ROOM_EVENT.LEFT, (participant) => {
      tileOf(participant)?.remove();
      addLine(participant.name(), 'left');
    })
    .on(ROOM_EVENT.PUBLISHED, playAll)
    .on(ROOM_EVENT.MESSAGE, (message) => addLine(message.from.name(), message.text))
    .on(ROOM_EVENT.FAILED, (_room, info) => {
      $('error').value = info;
      connection.disconnect();
    })
    .on(ROOM_EVENT.ENDED, showLeft);
}

function joined(entered) {
  const participants = entered.getParticipants();
  if (participants.length >= seats) {
    $('error').value = 'Current room is full.';
    entered.leave().then(showLeft);
    return;
  }
  room = entered;
  const names = participants.map((participant) => participant.name());
  addLine('chat', names.length > 0 ? `participants: ${names.join(',')}` : 'room is empty');
  participants.forEach(addTile);
  const link = new URL(location.href);
  link.searchParams.set('roomName', room.name());
  $('invite').value = link.href;
  $('join').textContent = 'Leave';
  for (const id of ['join', 'send', 'share']) $(id).disabled = false;
  publish();
}

function leave() {
  $('join').disabled = true;
  room.leave().then(showLeft);
}

function showLeft() {
  room = undefined;
  document.querySelectorAll('#stage figure[data-name]').forEach((tile) => tile.remove());
  $('join').textContent = 'Join';
  $('join').disabled = false;
  for (const id of ['send', 'share', 'publish', 'audio', 'video']) $(id).disabled = true;
}

function publish() {
  $('publish').disabled = true;
  const stopped = (stream) => {
    camera = undefined;
    $('localStatus').value = stream.status();
    if (stream.status() === STREAM_STATUS.FAILED) $('error').value = stream.getErrorInfo();
    $('publish').textContent = 'Publish';
    $('publish').disabled = connection.getRooms().length === 0;
    $('audio').disabled = $('video').disabled = true;
  };
  room
    .publish({ display: $('localDisplay'), constraints: { audio: true, video: true }, record: false })
    .on(STREAM_STATUS.PUBLISHING, (stream) => {
      camera = stream;
      $('localStatus').value = stream.status();
      $('publish').textContent = 'Stop';
      $('publish').disabled = $('audio').disabled = $('video').disabled = false;
      showMuted();
    })
    .on(STREAM_STATUS.UNPUBLISHED, stopped)
    .on(STREAM_STATUS.FAILED, stopped);
}

function share() {
  const stopped = () => {
    screen = undefined;
    $('share').textContent = 'Share';
  };
  room
    .publish({
      name: 'screenShare',
      constraints: { audio: false, video: { type: 'screen', frameRate: 30 } },
      cacheLocalResources: false,
    })
    .on(STREAM_STATUS.PUBLISHING, (stream) => {
      screen = stream;
      $('share').textContent = 'Unshare';
    })
    .on(STREAM_STATUS.UNPUBLISHED, stopped)
    .on(STREAM_STATUS.FAILED, stopped);
}

function addTile(participant) {
  const tile = document.createElement('figure');
  tile.dataset.name = participant.name();
  const caption = document.createElement('figcaption');
  caption.textContent = participant.name();
  tile.append(caption);
  $('stage').append(tile);
  playAll(participant);
}

function tileOf(participant) {
  return [...document.querySelectorAll('#stage figure')].find((tile) => tile.dataset.name === participant.name());
}

/** Plays what of a participant is not played yet, each stream in a display of its own. */
function playAll(participant) {
  for (const stream of participant.getStreams()) {
    if (stream.id()) continue;
    const display = document.createElement('div');
    display.className = 'display';
    tileOf(participant)?.prepend(display);
    stream
      .play(display)
      .on(STREAM_STATUS.STOPPED, () => display.remove())
      .on(STREAM_STATUS.FAILED, () => display.remove());
  }
}

function showMuted() {
  $('audio').textContent = camera.isAudioMuted() ? 'Unmute A' : 'Mute A';
  $('video').textContent = camera.isVideoMuted() ? 'Unmute V' : 'Mute V';
}

function send() {
  const text = $('message').value;
  if (text.trim() === '') return;
  $('message').value = '';
  addLine(connection.username(), text);
  for (const participant of room.getParticipants()) participant.sendMessage(text);
}

function addLine(name, text) {
  const time = new Date().toLocaleTimeString([], { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' });
  const line = document.createElement('div');
  line.textContent = `${time} ${name} - ${text}`;
  $('chat').append(line);
  $('chat').scrollTop = $('chat').scrollHeight;
}

function randomHex(length) {
  const digits = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(digits, (digit) => (digit % 16).toString(16)).join('');
}
