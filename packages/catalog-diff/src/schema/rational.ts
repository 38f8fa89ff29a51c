/** An exact fraction in lowest terms; `den` is positive. */
export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
}

const one = 1n;

export function rational(num: bigint, den: bigint = one): Rational {
  if (den < 0n) return rational(-num, -den);
  const divisor = gcd(num < 0n ? -num : num, den);
  return divisor === one ? { num, den } : { num: num / divisor, den: den / divisor };
}

/** The decimal that JSON writes for a finite number: 0.1 is one tenth, not the nearest double. */
export function rationalOf(value: number): Rational {
  if (Number.isSafeInteger(value)) return { num: BigInt(value), den: one };
  const [, sign, whole, fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value))!;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const shift = Number(exponent) - fraction.length;
  return shift >= 0
    ? rational(digits * 10n ** BigInt(shift))
    : rational(digits, 10n ** BigInt(-shift));
}

/** The double whose shortest decimal is nearest; what it stands for may differ where no double is exact. */
export function numberOf({ num, den }: Rational): number {
  if (den === one) return Number(num);
  let scale = one;
  for (let places = 0; places <= 340; places++, scale *= 10n) {
    if (scale % den === 0n) return Number(`${num * (scale / den)}e-${places}`);
  }
  return Number(num) / Number(den);
}

export function compare(left: Rational, right: Rational): number {
  const difference = left.num * right.den - right.num * left.den;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function add(left: Rational, right: Rational): Rational {
  return rational(left.num * right.den + right.num * left.den, left.den * right.den);
}

export function scale(value: Rational, factor: bigint): Rational {
  return rational(value.num * factor, value.den);
}

export function midpoint(left: Rational, right: Rational): Rational {
  const sum = add(left, right);
  return rational(sum.num, sum.den * 2n);
}

export function isMultiple(value: Rational, step: Rational): boolean {
  return (value.num * step.den) % (value.den * step.num) === 0n;
}

/** The least positive number that is a multiple of both. */
export function leastCommonMultiple(left: Rational, right: Rational): Rational {
  const num = (left.num / gcd(left.num, right.num)) * right.num;
  return rational(num, gcd(left.den, right.den));
}

/** The largest integer that is not above `value / step`. */
export function floorDivide(value: Rational, step: Rational): bigint {
  const num = value.num * step.den;
  const den = value.den * step.num;
  const quotient = num / den;
  return num % den !== 0n && num < 0n ? quotient - one : quotient;
}

export function ceilDivide(value: Rational, step: Rational): bigint {
  return -floorDivide({ num: -value.num, den: value.den }, step);
}

function gcd(left: bigint, right: bigint): bigint {
  while (right !== 0n) [left, right] = [right, left % right];
  return left;
}
