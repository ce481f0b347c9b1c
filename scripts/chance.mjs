// Draws from a seed: the same seed, the same draws.
export class Chance {
  #state;

  constructor(seed) {
    // FNV-1a of the text, then xorshift.
    this.#state = [...seed].reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0, 0x811c9dc5) || 1;
    for (let i = 0; i < 8; i++) this.draw();
  }

  /** From 0 up to, and without, 1. */
  draw() {
    let x = (this.#state + 0x6d2b79f5) >>> 0;
    this.#state = x;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  }

  percent(n) {
    return this.draw() * 100 < n;
  }

  between(low, high) {
    return low + Math.floor(this.draw() * (high - low + 1));
  }

  one(list) {
    return list[Math.floor(this.draw() * list.length)];
  }

  /** A key, by weight. */
  weighted(weights) {
    const entries = Object.entries(weights);
    let left = this.draw() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    return entries.find(([, weight]) => (left -= weight) < 0)?.[0] ?? entries[0][0];
  }

  shuffled(list) {
    return list.map((item) => [this.draw(), item]).sort(([a], [b]) => a - b).map(([, item]) => item);
  }
}
