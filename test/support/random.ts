/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** 0 ≤ value < 1. */
  next(): number;
  /** An integer, 0 ≤ value < limit. */
  below(limit: number): number;
  /** One of the choices. */
  pick<Choice>(choices: readonly [Choice, ...Choice[]]): Choice;
}

/** Mulberry32: small, and the same on every platform. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { next, below, pick: (choices) => choices[below(choices.length)] ?? choices[0] };
}

/** A seed for histories that nobody has tried yet; it is printed, and `FAST_CHECK_SEED` repeats those of a failed run. */
export function freshSeed(): number {
  const seed = Number(process.env["FAST_CHECK_SEED"] ?? Date.now() % 2 ** 31);
  console.log(`seed: ${seed} (FAST_CHECK_SEED=${seed} repeats what it made)`);
  return seed;
}

/** Seeds to try: `FAULT_SEED=7` or `FAULT_SEED=7,8` repeats what a failed run has printed. */
export function faultSeeds(...usual: readonly number[]): readonly number[] {
  const asked = process.env["FAULT_SEED"];
  return asked ? asked.split(",").map(Number) : usual;
}
