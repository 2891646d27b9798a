import test from 'ava';
import { type Product, startProduct } from '../matrix/product.ts';
import { checkAnswer } from '../matrix/rows.ts';
import { openRoots } from '../matrix/walker.ts';

const positions = openRoots();
let product: Product;

test.before(async () => {
  product = await startProduct();
});

test.after.always(async () => {
  await product.stop();
});

for (const surface of ['chat/completions', 'completions', 'responses', 'messages']) {
  test.serial(
    `${surface}: a placeholder comes back restored wherever an answer says something`,
    async (t) => {
      await checkAnswer(t, product, surface, 'answer', positions(surface, 'answer'));
    },
  );

  test.serial(`${surface}: a placeholder comes back restored wherever an event says something`, async (t) => {
    // Each event of a response's life repeats the response, so it is walked in the first.
    const events = positions(surface, 'event', { once: ['Response'] });
    await checkAnswer(t, product, surface, 'event', events, positions(surface, 'answer'));
  });
}
