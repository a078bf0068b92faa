import { expect, fixture, html } from '@open-wc/testing';
import '../../components/conference/conference.ts';
import { registerDictionary } from '../../components/base/element/languages.ts';
import type { WcsConference } from '../../components/conference/conference.ts';
import { connectTo, fakeBackend } from '../fakes/element-room.ts';
import { deep, part, until } from './tools.ts';

const place = (lang: string) =>
  fixture<WcsConference>(html`<wcs-conference lang=${lang} no-prejoin room="team"></wcs-conference>`);

const joinButton = (element: WcsConference) => part(element, 'join-button').textContent.trim();

const root = (element: WcsConference) => deep(element, '.frame')[0]!;

describe('languages', () => {
  afterEach(() => {
    document.documentElement.removeAttribute('lang');
  });

  for (const [lang, join] of [
    ['en', 'Join'],
    ['ru', 'Войти'],
    ['de-AT', 'Beitreten'],
    ['es_MX', 'Entrar'],
    ['fr', 'Participer'],
  ] as const) {
    it(`${lang} is there from the first moment`, async () => {
      const element = await place(lang);
      await element.updateComplete;
      await until('in its language', () => joinButton(element) === join);
      expect(root(element).lang).to.equal(lang.slice(0, 2));
    });
  }

  it('change while the element is shown, and follow the page without a lang of their own', async () => {
    const element = await place('de');
    const follower = await fixture<WcsConference>(html`<wcs-conference no-prejoin></wcs-conference>`);
    await until('German', () => joinButton(element) === 'Beitreten');
    element.lang = 'ru';
    await until('Russian', () => joinButton(element) === 'Войти');
    expect(joinButton(follower)).to.equal('Join');
    document.documentElement.lang = 'fr';
    await until('the page’s French', () => joinButton(follower) === 'Participer');
    expect(joinButton(element)).to.equal('Войти');
  });

  it('stand side by side on a page', async () => {
    const [german, spanish] = [await place('de'), await place('es')];
    await until('both', () => joinButton(german) === 'Beitreten' && joinButton(spanish) === 'Entrar');
  });

  it('fall back to English, and say so to screen readers', async () => {
    const element = await place('ja');
    expect(joinButton(element)).to.equal('Join');
    expect(root(element).lang).to.equal('en');
  });

  it('can be added by a page, with their direction; what it leaves out is English', async () => {
    const element = await place('ar');
    registerDictionary({ $code: 'ar', $name: 'العربية', $dir: 'rtl', join: 'انضمام' });
    await until('Arabic', () => joinButton(element) === 'انضمام');
    expect(root(element).dir).to.equal('rtl');
    expect(getComputedStyle(part(element, 'form')).direction).to.equal('rtl');
    expect(part(element, 'form').textContent).to.contain('Ready to join?');
  });

  it('keep what a page has changed in one of ours', async () => {
    registerDictionary({ $code: 'es', $name: 'Español', $dir: 'ltr', join: 'Pasa' });
    const element = await place('es');
    await until('the page’s word', () => joinButton(element) === 'Pasa');
    expect(part(element, 'form').textContent).to.contain('Tu nombre');
    registerDictionary({ $code: 'es', $name: 'Español', $dir: 'ltr', join: 'Entrar' });
  });

  it('write the time as people do there', async () => {
    for (const [lang, pattern] of [
      ['en', /\d{1,2}:\d\d\s[AP]M/],
      ['ru', /\d{1,2}:\d\d$/],
    ] as const) {
      const element = await place(lang);
      element.username = 'Alice';
      element.connect = connectTo(fakeBackend());
      await element.join();
      element.toggleChat(true);
      const time = await until('there is a line', () => deep(element, 'time')[0]);
      expect(time.textContent).to.match(pattern);
    }
  });
});
