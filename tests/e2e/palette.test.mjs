// S48: the fills of the states are distinguishable, with color blindness too, and text on them is readable.
//
// CIEDE2000: Sharma, Wu, Dalal 2005. Color blindness: Machado, Oliveira, Fernandes 2009, severity 1.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const tokens = readFileSync(new URL("../../styles/tokens.css", import.meta.url), "utf8");
const token = (name) => tokens.match(new RegExp(`--${name}:\\s*(#[0-9a-f]{6})`, "iu"))[1];
const FILLS = ["created", "running", "success", "warning", "failed", "retrying", "paused", "killed"].map((state) => [state, token(`state-${state}-fill`)]);

const linear = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, factor, n) => sum + factor * vector[n], 0));
const RGB_TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]];
const SIGHTS = {
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

function lab(rgb) {
  const clipped = rgb.map((c) => Math.min(1, Math.max(0, c)));
  const [x, y, z] = times(RGB_TO_XYZ, clipped).map((c, n) => c / [0.95047, 1, 1.08883][n]).map((c) => (c > 0.008856 ? Math.cbrt(c) : 7.787 * c + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function ciede2000([l1, a1, b1], [l2, a2, b2]) {
  const rad = Math.PI / 180, seven = (c) => Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  const cMean = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2, g = 0.5 * (1 - seven(cMean));
  const [p1, p2] = [a1 * (1 + g), a2 * (1 + g)];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const hue = (b, a) => (a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / rad + 360) % 360);
  const [h1, h2] = [hue(b1, p1), hue(b2, p2)];
  const turn = c1 * c2 === 0 ? 0 : ((h2 - h1 + 540) % 360) - 180;
  const dH = 2 * Math.sqrt(c1 * c2) * Math.sin((turn / 2) * rad);
  const lMean = (l1 + l2) / 2, cBar = (c1 + c2) / 2, hMean = (h1 + turn / 2 + 360) % 360;
  const t = 1 - 0.17 * Math.cos((hMean - 30) * rad) + 0.24 * Math.cos(2 * hMean * rad) + 0.32 * Math.cos((3 * hMean + 6) * rad) - 0.2 * Math.cos((4 * hMean - 63) * rad);
  const sl = 1 + (0.015 * (lMean - 50) ** 2) / Math.sqrt(20 + (lMean - 50) ** 2), sc = 1 + 0.045 * cBar, sh = 1 + 0.015 * cBar * t;
  const rt = -Math.sin(60 * Math.exp(-(((hMean - 275) / 25) ** 2)) * rad) * 2 * seven(cBar);
  const [l, c, h] = [(l2 - l1) / sl, (c2 - c1) / sc, dH / sh];
  return Math.sqrt(l * l + c * c + h * h + rt * c * h);
}

function least(see) {
  const seen = FILLS.map(([state, fill]) => [state, lab(see(linear(fill)))]);
  const pairs = seen.flatMap(([a, one], n) => seen.slice(n + 1).map(([b, other]) => ({ a, b, distance: ciede2000(one, other) })));
  return pairs.sort((one, other) => one.distance - other.distance)[0];
}

const luminance = (hex) => times(RGB_TO_XYZ, linear(hex))[1];
const contrast = (one, other) => {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

test("S48 all fills differ, for normal sight and without one kind of cone", () => {
  const { a, b, distance } = least((rgb) => rgb);
  assert.ok(distance >= 20, `${a} and ${b}: ${distance}`);
  for (const [sight, matrix] of Object.entries(SIGHTS)) {
    const { a, b, distance } = least((rgb) => times(matrix, rgb));
    assert.ok(distance >= 10, `${sight}: ${a} and ${b}: ${distance}`);
  }
});

test("S48 text on a fill is readable", () => {
  for (const [state, fill] of FILLS) {
    const ink = state === "running" ? "#ffffff" : "#111111";
    assert.ok(contrast(fill, ink) >= 4.5, `${state}: ${contrast(fill, ink)}`);
  }
});

test("S48 text on a bar to come, which the veil makes pale, is readable in both themes", () => {
  const dark = tokens.slice(tokens.indexOf('[data-theme="dark"]'));
  const veil = 0.65;
  for (const theme of [tokens, dark]) {
    const of = (name) => theme.match(new RegExp(`--${name}:\\s*(#[0-9a-f]{6})`, "iu"))[1];
    const mixed = (fill) => `#${[1, 3, 5].map((at) => Math.round((1 - veil) * parseInt(fill.slice(at, at + 2), 16) + veil * parseInt(of("ground").slice(at, at + 2), 16)).toString(16).padStart(2, "0")).join("")}`;
    for (const [state, fill] of FILLS) assert.ok(contrast(mixed(fill), of("ink")) >= 4.5, `${state}: ${contrast(mixed(fill), of("ink"))}`);
  }
});
