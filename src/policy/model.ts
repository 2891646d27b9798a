/**
 * The casbin model, word for word policies/model.conf without its comments (a test holds the two together). It lives
 * in the code because whoever could edit it could change what every rule means.
 */
export const CASBIN_MODEL = `
[request_definition]
r = who, dom, op, model, runner, ctx

[policy_definition]
p = sub, dom, op, model, runner, cond, eft, rule

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = (p.dom == "*" || r.dom == p.dom) && (p.op == "*" || r.op == p.op) && holds(r.who, p.sub) && glob(r.model, p.model) && glob(r.runner, p.runner) && (p.cond == "always" || cond(r.ctx, p.cond))
`.trimStart();

/** One line of casbin policy: sub, dom, op, model, runner, cond, eft, rule. */
export type Row = readonly [string, string, string, string, string, string, string, string];

/** Where the fields stand in a row. */
export const FIELD = { sub: 0, dom: 1, op: 2, model: 3, runner: 4, cond: 5, effect: 6, rule: 7 } as const;
