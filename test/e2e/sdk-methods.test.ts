import Anthropic from '@anthropic-ai/sdk';
import test from 'ava';
import OpenAI from 'openai';
import { plantedIn } from '../support/planted.ts';
import { methodsOf } from '../support/sdk-methods.ts';
import { type SdkScene, startSdkScene } from '../support/sdk-scene.ts';
import { ANTHROPIC_TRIALS, REFUSED_METHODS } from '../support/sdk-trials-anthropic.ts';
import { OPENAI_TRIALS } from '../support/sdk-trials-openai.ts';
import { SAID_TO_MODEL } from '../support/sdk-scene.ts';

let scene: SdkScene;

test.before(async () => {
  scene = await startSdkScene();
});

test.after.always(() => scene.dispose());

const SERVED = {
  openai: /^(?:chat|responses|completions|embeddings|models)\./,
  anthropic: /^(?:messages|models|beta\.messages|beta\.models)\./,
};
const METHODS = {
  openai: methodsOf(new OpenAI({ apiKey: 'none' })),
  anthropic: methodsOf(new Anthropic({ apiKey: 'none' })),
};
const TRIALS = { openai: OPENAI_TRIALS, anthropic: ANTHROPIC_TRIALS };

for (const vendor of ['openai', 'anthropic'] as const) {
  test(`${vendor}: every method of the surfaces that its client has is tried here, or refused by a code`, (t) => {
    const surfaces = METHODS[vendor].filter((method) => SERVED[vendor].test(method));
    t.true(surfaces.length >= 10);
    const named = [...Object.keys(TRIALS[vendor]), ...Object.keys(REFUSED_METHODS[vendor])];
    t.deepEqual([...new Set(named.map((name) => name.replace(/ .*/, '')))].toSorted(), surfaces.toSorted());
    t.log(`${surfaces.length} methods`);
  });

  for (const [method, attempt] of Object.entries(TRIALS[vendor])) {
    test.serial(
      `${vendor}: ${method}: works, and what the caller said comes back to nobody else`,
      async (t) => {
        scene.forget();
        const heard = await attempt(scene);
        if (heard !== undefined) t.true(JSON.stringify(heard).includes(SAID_TO_MODEL), JSON.stringify(heard));
        t.deepEqual(plantedIn(scene.bytes()), []);
        t.true(scene.bytes() !== '' || method.startsWith('models.'));
      },
    );
  }

  for (const [method, { code, attempt }] of Object.entries(REFUSED_METHODS[vendor])) {
    test.serial(`${vendor}: ${method}: is refused`, async (t) => {
      scene.forget();
      const error = await t.throwsAsync(async () => {
        await attempt(scene);
      });
      t.regex(JSON.stringify((error as { readonly error?: unknown }).error), new RegExp(`"code":"${code}"`));
      t.is(scene.bytes(), '');
    });
  }
}
