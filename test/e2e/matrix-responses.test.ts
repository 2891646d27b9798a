import test from 'ava';
import { type Product, startProduct } from '../matrix/product.ts';
import { checkFamilies, checkRequest } from '../matrix/rows.ts';
import { openRoots } from '../matrix/walker.ts';

const positions = openRoots();
let product: Product;

test.before(async () => {
  product = await startProduct();
});

test.after.always(async () => {
  await product.stop();
});

for (const surface of ['responses', 'responses/input_tokens', 'responses/compact']) {
  test.serial(`${surface}: no place for text that the SDK declares lets a planted value out`, async (t) => {
    await checkRequest(t, product, surface, positions(surface, 'request'), surface !== 'responses');
  });
}

test.serial('responses: no family leaves by itself', async (t) => {
  await checkFamilies(t, product, 'responses', positions('responses', 'request'));
});
