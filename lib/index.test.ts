import assert from "node:assert/strict";
import { test } from "node:test";
import * as lib from "./index";

test("a namespace has the names of its subject, which lib exports by themselves too", () => {
  const { data, figures, init, linalg, models, optim, rank, stats } = lib;
  assert.equal(data.loadMnist, lib.loadMnist);
  assert.equal(figures.lineFigure, lib.lineFigure);
  assert.equal(init.kaimingNormal, lib.kaimingNormal);
  assert.equal(linalg.svd, lib.svd);
  assert.equal(models.MLP, lib.MLP);
  assert.equal(optim.SGD, lib.SGD);
  assert.equal(rank.effectiveRank, lib.effectiveRank);
  assert.equal(stats.spearman, lib.spearman);
  for (const namespace of [data, figures, init, linalg, models, optim, rank, stats]) {
    for (const [name, value] of Object.entries(namespace)) {
      assert.equal((lib as Record<string, unknown>)[name], value, name);
    }
  }
});
