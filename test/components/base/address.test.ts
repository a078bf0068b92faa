import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inviteUrl, makeRoomName, roomOfPage, serverUrl } from '../../../components/base/address.ts';

describe('the room that a page names', () => {
  it('is its roomName parameter, with any characters', () => {
    assert.equal(roomOfPage('https://example.org/?roomName=a+b%26%D1%8F'), 'a b&я');
    assert.equal(roomOfPage('https://example.org/?roomName=%20'), undefined);
    assert.equal(roomOfPage('https://example.org/?other=1'), undefined);
  });

  it('is made up as room- and six hexadecimal digits otherwise', () => {
    assert.match(makeRoomName(), /^room-[0-9a-f]{6}$/);
    assert.notEqual(makeRoomName(), makeRoomName());
  });
});

describe('an invite link', () => {
  it('keeps what else the address says, and comes back as the same room', () => {
    const link = inviteUrl('https://example.org/meet?lang=ru&roomName=old#top', 'команда & co #1');
    const url = new URL(link);
    assert.equal(url.searchParams.get('lang'), 'ru');
    assert.equal(url.hash, '#top');
    assert.equal(roomOfPage(link), 'команда & co #1');
  });
});

describe('the address of the backend', () => {
  const code = 'https://meet.example.org/wcs.js';

  it('is /ws where the script came from, unless the page says otherwise', () => {
    assert.equal(serverUrl('', code), 'wss://meet.example.org/ws');
    assert.equal(serverUrl('', 'http://localhost:8080/chunks/a.js'), 'ws://localhost:8080/ws');
    assert.equal(serverUrl('ws://other:9000/ws', code), 'ws://other:9000/ws');
    assert.equal(serverUrl('https://other/ws', code), 'wss://other/ws');
  });

  it('must be an address', () => {
    assert.throws(() => serverUrl('http://', code), { code: 'invalid' });
  });
});
