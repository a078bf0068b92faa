import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { roomFileName, streamFileName, unknownElements } from '../../../backend/recording/store/file-name.ts';

const START = Date.UTC(2026, 10, 21, 8, 15, 0, 250);

describe('The name of a recording', () => {
  it('says which room it was and when', () => {
    assert.equal(roomFileName('kitchen', START), 'room-kitchen-20261121T081500Z');
    assert.equal(roomFileName('Кухня', START), 'room-Кухня-20261121T081500Z');
  });

  it('is never a path', () => {
    assert.equal(roomFileName('../../etc/passwd', START), 'room-..%2F..%2Fetc%2Fpasswd-20261121T081500Z');
    assert.equal(roomFileName('C:\\x\u0000', START), 'room-C%3A%5Cx%00-20261121T081500Z');
    assert.equal(streamFileName('{login}', { login: '../x' }), '..%2Fx');
    assert.equal(streamFileName('{login}', { login: '..' }), '%2E.');
    assert.equal(streamFileName('a/{login}', { login: 'b' }), 'a%2Fb');
    assert.equal(streamFileName('{login}', { login: '' }), 'stream');
  });

  it('tells two rooms apart whose names differ only by what is encoded', () => {
    assert.notEqual(roomFileName('a/b', START), roomFileName('a%2Fb', START));
  });

  it('fits where 255 bytes are the limit, with whatever comes behind it', () => {
    const long = '👩‍🚀/'.repeat(30);
    const name = roomFileName(long, START);
    assert.ok(Buffer.byteLength(`${name}-12-audio.mkv`) <= 255);
    assert.ok(Buffer.byteLength(`${name}.json.01234567.tmp`) <= 255);
    assert.ok(name.isWellFormed());
    assert.doesNotMatch(name, /%.?$/);
    assert.ok(name.endsWith('-20261121T081500Z'));
    assert.ok(Buffer.byteLength(streamFileName('{room}-{login}', { room: long, login: long })) <= 240);
  });

  it('takes the elements of the template as they become known', () => {
    const template = 'stream-{mediaSessionId}-{login}-{duration}';
    const first = streamFileName(template, { mediaSessionId: '12', login: '{duration} 100%' });
    assert.equal(first, 'stream-12-%7Bduration%7D 100%25-{duration}');
    assert.equal(streamFileName(first, { duration: '5000' }), 'stream-12-%7Bduration%7D 100%25-5000');
  });

  it('is refused when its template has an element that does not exist', () => {
    assert.deepEqual(unknownElements('{login}-{Room}-{}-{endTimeMillis}'), ['Room', '']);
  });
});
