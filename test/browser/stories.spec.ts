/** Every story of the storybook, looked at by axe: all rules in the light theme, contrast again in the dark one. */
import { expect } from '@open-wc/testing';
import axe from 'axe-core';
import * as chat from '../../stories/chat.stories.ts';
import * as conference from '../../stories/conference.stories.ts';
import * as connection from '../../stories/connection.stories.ts';
import * as controls from '../../stories/controls.stories.ts';
import * as help from '../../stories/help.stories.ts';
import * as invite from '../../stories/invite.stories.ts';
import * as notice from '../../stories/notice.stories.ts';
import * as people from '../../stories/people.stories.ts';
import * as prejoin from '../../stories/prejoin.stories.ts';
import * as screenShare from '../../stories/screen-share.stories.ts';
import * as settings from '../../stories/settings.stories.ts';
import * as stage from '../../stories/stage.stories.ts';
import * as theming from '../../stories/theming.stories.ts';
import * as tileMenu from '../../stories/tile-menu.stories.ts';
import * as tile from '../../stories/tile.stories.ts';
import * as videoChat from '../../stories/video-chat.stories.ts';
import * as waiting from '../../stories/waiting.stories.ts';
import { until } from './tools.ts';

/** What stories are here: plain objects, no more than Storybook's format has. */
interface Story {
  args?: object;
  parameters?: object;
  render?: (args: object, context: { parameters: object }) => HTMLElement;
}
type StoryFile = Record<string, Story> & { default: Story & { title?: string } };

const files = [
  conference,
  videoChat,
  screenShare,
  theming,
  tile,
  tileMenu,
  connection,
  stage,
  controls,
  prejoin,
  chat,
  invite,
  notice,
  help,
  settings,
  people,
  waiting,
] as unknown as StoryFile[];

/** Rules about whole pages; a story is a piece of one. */
const NOT_OF_A_PIECE = ['region', 'page-has-heading-one', 'landmark-one-main'];

for (const { default: meta, ...stories } of files) {
  describe(`stories of ${meta.title}`, () => {
    let box: HTMLElement | undefined;

    before(() => {
      // axe takes a page for white where nothing is painted, whatever its colour scheme.
      document.documentElement.style.background = 'Canvas';
    });

    afterEach(() => {
      box?.remove();
      document.documentElement.style.colorScheme = '';
    });

    for (const [name, story] of Object.entries(stories)) {
      it(`${name} passes the accessibility audit, light and dark`, async () => {
        document.documentElement.style.colorScheme = 'light';
        const render = story.render ?? meta.render!;
        const parameters = { ...meta.parameters, ...story.parameters };
        box = render({ ...meta.args, ...story.args }, { parameters });
        document.body.append(box);
        await until('the story is ready', () => box!.dataset.ready !== undefined, 10_000);
        finishTransitions();
        expect(await problems(box, {})).to.equal('');
        document.documentElement.style.colorScheme = 'dark';
        finishTransitions();
        expect(await problems(box, { runOnly: ['color-contrast'] })).to.equal('');
      });
    }
  });
}

/** Colours on their way to others are those that nobody is to read by. */
function finishTransitions(root: Document | ShadowRoot = document): void {
  for (const animation of root.getAnimations()) if (animation instanceof CSSTransition) animation.finish();
  for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot) finishTransitions(shadowRoot);
}

async function problems(box: HTMLElement, options: axe.RunOptions): Promise<string> {
  const rules = Object.fromEntries(NOT_OF_A_PIECE.map((rule) => [rule, { enabled: false }]));
  const { violations } = await axe.run(box, {
    resultTypes: ['violations'],
    ...(options.runOnly ? {} : { rules }),
    ...options,
  });
  return violations
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 200)}: ${failureSummary}`),
    )
    .join('\n');
}
