import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { RandomState } from "../../random/numpy";
import { gradientStep, LinearNetwork, normalMatrix } from "./linear-network";
import { covarianceGradients } from "./linear-network-covariances";
import { modeStrengths, modesOf, theoreticalStrength } from "./linear-network-theory";

test("a network with small, balanced and aligned initial weights learns each mode as predicted by theory", () => {
  const s = [2, 1];
  const C31 = Matrix.diag(s);
  const statistics = { C11: Matrix.eye(2), C31, C33: Matrix.eye(2) };
  const a0 = 1e-3;
  const lr = 1e-3;
  const network = new LinearNetwork(2, 2, 2, new RandomState(0));
  network.W21 = Matrix.eye(2).mul(Math.sqrt(a0));
  network.W32 = Matrix.eye(2).mul(Math.sqrt(a0));
  const modes = modesOf(C31);
  for (let t = 0; t <= 3000; t++) {
    for (const [mode, strength] of modeStrengths(network.W, modes).entries()) {
      const expected = theoreticalStrength(t, { s: s[mode]!, a0, tau: 1 / (2 * lr) });
      assert.ok(
        Math.abs(strength - expected) < 0.02 * s[mode]!,
        `mode ${mode} at ${t}: ${strength}, ${expected}`,
      );
    }
    gradientStep(network, covarianceGradients(statistics, network), lr);
  }
  assert.ok(network.W.get(1, 1) > 0.9, "the slower mode was not learned");
});

test("theoreticalStrength starts at a0, converges to s and solves τ da/dt = 2a(s − a)", () => {
  const [s, a0, tau] = [1.5, 0.01, 20];
  const a = (t: number) => theoreticalStrength(t, { s, a0, tau });
  assert.ok(Math.abs(a(0) - a0) < 1e-15);
  assert.equal(a(1e6), s);
  for (const t of [1, 20, 60]) {
    const slope = (a(t + 1e-4) - a(t - 1e-4)) / 2e-4;
    assert.ok(Math.abs(tau * slope - 2 * a(t) * (s - a(t))) < 1e-7);
  }
});

test("modesOf decomposes wide and tall matrices, whose own mode strengths are the singular values", () => {
  const random = new RandomState(4);
  for (const matrix of [normalMatrix(random, 3, 8), normalMatrix(random, 8, 3)]) {
    const modes = modesOf(matrix);
    const rebuilt = modes.U.mmul(Matrix.diag(modes.s)).mmul(modes.V.transpose());
    assert.ok(Matrix.sub(rebuilt, matrix).norm() < 1e-13);
    assert.deepEqual(
      modes.s,
      [...modes.s].sort((a, b) => b - a),
    );
    modeStrengths(matrix, modes).forEach((strength, i) => {
      assert.ok(Math.abs(strength - modes.s[i]!) < 1e-13);
    });
  }
});

test("modesOf omits modes whose singular values are 0 up to rounding", () => {
  const rankTwo = new Matrix([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]);
  const { U, s, V } = modesOf(rankTwo);
  assert.deepEqual([U.columns, s.length, V.columns], [2, 2, 2]);
  const rebuilt = U.mmul(Matrix.diag(s)).mmul(V.transpose());
  assert.ok(Matrix.sub(rebuilt, rankTwo).abs().max() < 1e-13);
});
