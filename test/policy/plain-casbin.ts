import { type Enforcer, newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import { type CasbinFunctions } from '../../src/policy/compile.ts';

/** Casbin as it comes: the printed model and CSV, its whole table for each decision. */
export async function plainEnforcer(
  model: string,
  csv: string,
  functions: CasbinFunctions,
): Promise<Enforcer> {
  const plain = await newEnforcer(newModelFromString(model), new StringAdapter(csv));
  await plain.addFunction('holds', functions.holds);
  await plain.addFunction('glob', functions.glob);
  await plain.addFunction('cond', functions.cond);
  return plain;
}
